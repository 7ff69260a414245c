package io.webhookdb.schemas.catalog;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * Rows that are themselves places to fetch from, each at its own time: feeds that people name. What
 * a visit found is written back into the row, so the row tells when it is due. A visit that fails
 * is told in the row, too, and keeps no other row from being visited.
 *
 * <p>Every name is a member of the row's {@code data} and the column that has it.
 *
 * @param everySeconds how old a visit may be before the row is due again
 * @param at when the last visit began, ISO 8601; a row without one is due at once
 * @param items number of items found
 * @param bytes length of the answer
 * @param milliseconds how long it took
 * @param context what the next visit compares with: {@code etag}, {@code hash}, {@code
 *     content_type}, {@code content_length}, or the {@code error} of a failed one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BackfillVisit(
        int everySeconds,
        String at,
        String items,
        String bytes,
        String milliseconds,
        String context) {}
