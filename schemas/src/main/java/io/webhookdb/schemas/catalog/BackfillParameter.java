package io.webhookdb.schemas.catalog;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * A named piece of a request: a header or a query parameter.
 *
 * @param name name as the vendor documents it
 * @param value its value
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BackfillParameter(String name, BackfillValue value) {}
