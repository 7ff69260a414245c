package io.webhookdb.schemas.catalog;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * Where a value comes from: exactly one of a request header, a JSON Pointer into the whole body
 * (the vendor's event) and a JSON Pointer into the resource.
 *
 * @param header header name as the vendor documents it; compared without case
 * @param event JSON Pointer into the body; only has a value when the resource was wrapped
 * @param resource JSON Pointer into the resource
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Source(String header, String event, String resource) {}
