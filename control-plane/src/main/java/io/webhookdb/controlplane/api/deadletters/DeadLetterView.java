package io.webhookdb.controlplane.api.deadletters;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * A dead letter as people see it.
 *
 * @param id opaque id, {@code dlt_...}
 * @param place topic, partition and offset of the record
 * @param state dead, retrying, retried, or gone if the record is no longer kept
 * @param request the stored request, only where one letter is shown; null if it is gone
 * @param body the request's body again, for the terminal
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record DeadLetterView(
        String id,
        String integration,
        String eventId,
        String remoteKey,
        String reason,
        String description,
        String sqlState,
        int attempts,
        String place,
        String diedAt,
        String state,
        JsonNode request,
        String body,
        String message,
        List<List<String>> displayHeaders) {

    static final List<List<String>> LIST_HEADERS =
            List.of(
                    List.of("id", "Id"),
                    List.of("integration", "Integration"),
                    List.of("reason", "Reason"),
                    List.of("died_at", "Time"),
                    List.of("state", "State"),
                    List.of("description", "What happened"));

    private static final List<List<String>> HEADERS =
            List.of(
                    List.of("id", "Id"),
                    List.of("integration", "Integration"),
                    List.of("event_id", "Event"),
                    List.of("remote_key", "Row"),
                    List.of("reason", "Reason"),
                    List.of("description", "What happened"),
                    List.of("sql_state", "SQL state"),
                    List.of("attempts", "Attempts"),
                    List.of("place", "Record"),
                    List.of("died_at", "Time"),
                    List.of("state", "State"),
                    List.of("body", "Body"));

    /** The same with what was stored, for one answer. */
    DeadLetterView shown(JsonNode stored, String note) {
        return new DeadLetterView(
                id,
                integration,
                eventId,
                remoteKey,
                reason,
                description,
                sqlState,
                attempts,
                place,
                diedAt,
                state,
                stored,
                stored == null ? null : stored.path("body").asText(),
                note,
                HEADERS);
    }
}
