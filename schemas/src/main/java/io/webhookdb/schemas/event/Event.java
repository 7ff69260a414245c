package io.webhookdb.schemas.event;

import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * One request that was accepted (or rejected) at the edge, or one object fetched from a vendor.
 *
 * <p>On Kafka the record value is {@link #body()} untouched and everything else travels in record
 * headers ({@link EventHeaders}), so that any Kafka tool can read an event and nothing is
 * re-encoded on the way.
 *
 * @param id UUIDv7, monotonic per ingest node; replay keeps it. The order of ids is the order of
 *     first arrival.
 * @param integration opaque id of the integration, {@code svi_...}
 * @param integrationRevision revision of the integration the receiver knew when it accepted
 * @param receivedAtMicros microseconds since the epoch; for a fetched object the start of the
 *     request that fetched it
 * @param origin webhook, backfill, or one of them processed again
 * @param method HTTP method, upper case
 * @param path request path, undecoded
 * @param query raw query string without the question mark; empty if none
 * @param contentType value of Content-Type; empty if none
 * @param headers the request headers the vendor's definition keeps, names in lower case; never one
 *     that is itself a secret
 * @param verification outcome word: {@code verified}, {@code skipped}, {@code none}, or for
 *     rejected requests the reason code
 * @param body the bytes as received; never null
 */
public record Event(
        UUID id,
        String integration,
        long integrationRevision,
        long receivedAtMicros,
        Origin origin,
        String method,
        String path,
        String query,
        String contentType,
        Map<String, String> headers,
        String verification,
        byte[] body) {

    public Event {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(integration, "integration");
        Objects.requireNonNull(origin, "origin");
        Objects.requireNonNull(body, "body");
        headers = Map.copyOf(headers);
    }

    /** The kept request header of that lower-case name, or null. */
    public String header(String lowerCaseName) {
        return headers.get(lowerCaseName);
    }

    /** The same event, to be processed again: it keeps its id and its time of receipt. */
    public Event repeated(String nowVerified) {
        return new Event(
                id,
                integration,
                integrationRevision,
                receivedAtMicros,
                origin.repeated(),
                method,
                path,
                query,
                contentType,
                headers,
                nowVerified,
                body);
    }
}
