package io.webhookdb.controlplane.provisioner.status;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** Times of reports, as the database takes them. Pure. */
final class Times {
    private Times() {}

    /**
     * Null for null.
     *
     * @throws IllegalArgumentException if it is not ISO-8601 in UTC
     */
    static OffsetDateTime of(String iso) {
        if (iso == null) {
            return null;
        }
        try {
            return Instant.parse(iso).atOffset(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "Time \"" + iso + "\" of a report, expected such as 2026-01-31T10:00:00Z", e);
        }
    }
}
