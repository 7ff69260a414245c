package io.webhookdb.schemas.deadletter;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A record that could not be applied: where it lies and why, never its body a second time.
 *
 * @param topic topic of the record, {@code webhookdb.events.v1} and so on; empty if unknown
 * @param partition its partition, -1 if unknown
 * @param offset its offset, -1 if unknown
 * @param eventId id of the event
 * @param organization numeric id, 0 if unknown
 * @param integration opaque id
 * @param remoteKey the row concerned; null if none could be told
 * @param reason one of the closed codes of {@link Reason}
 * @param message for a person: what was found, what was expected; no payload
 * @param sqlState SQL state when the database refused the row; else null
 * @param attempts how often it was tried
 * @param atMicros when it was given up, microseconds since the epoch
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DeadLetter(
        String topic,
        int partition,
        long offset,
        @JsonProperty("event_id") String eventId,
        long organization,
        String integration,
        @JsonProperty("remote_key") String remoteKey,
        Reason reason,
        String message,
        @JsonProperty("sql_state") String sqlState,
        int attempts,
        @JsonProperty("at_micros") long atMicros) {

    /** Why a record was given up. Names are part of the public format. */
    public enum Reason {
        /** The record's own headers cannot be read. */
        MALFORMED_RECORD,
        /** The body is not JSON, or JSON beyond the limits of nesting or size. */
        NOT_JSON,
        /** The body is JSON, but holds no object where the definition expects the resource. */
        NO_RESOURCE,
        /** The resource has no usable remote key. */
        NO_REMOTE_KEY,
        /** No integration of that id became known in time. */
        UNKNOWN_INTEGRATION,
        /** The database refused this very row. */
        REFUSED_BY_DATABASE,
        /** The definition could not be applied to this body. */
        MAPPING_FAILED,
        /** A function failed on the message as often as it is tried. */
        FUNCTION_FAILED,
        /** A function asked for what it may not have, or messages for it were too many. */
        FUNCTION_MESSAGE_REFUSED,
        /** A sync target (HTTP receiver, database, warehouse, log) refused this very row. */
        REFUSED_BY_TARGET
    }
}
