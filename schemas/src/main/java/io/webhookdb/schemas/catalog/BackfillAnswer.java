package io.webhookdb.schemas.catalog;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * An answer that is no failure: it counts as an empty last page.
 *
 * @param status HTTP status
 * @param pointer JSON Pointer into the answer; null: the status is enough
 * @param equals text expected there
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BackfillAnswer(int status, String pointer, String equals) {}
