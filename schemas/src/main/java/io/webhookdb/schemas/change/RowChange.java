package io.webhookdb.schemas.change;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * A committed change of one row: the public record of {@code changes.v1}. Its form is described by
 * {@code schema/row-change.schema.json} on the class path.
 *
 * <p>Consumers order the changes of one row by {@link #version()}, which sorts as text, never by
 * arrival. A repeated announcement carries the same {@link #id()}.
 *
 * @param id stable under repetition
 * @param op insert, update or delete
 * @param organization numeric id
 * @param integration opaque id
 * @param service name of the service, {@code stripe_customer_v1}
 * @param table table the row is in
 * @param remoteKey the vendor's key as text
 * @param pk the row's primary key in the replica
 * @param version sortable text form of the row's version
 * @param eventId event that brought this state
 * @param committedAt ISO-8601 time with microseconds at which the row became visible
 * @param row column values by name, without pk, bookkeeping and data
 * @param data the resource itself; null if truncated
 * @param previous former values of the columns that changed; absent where the server cannot tell
 * @param truncated true if {@code data} was left out because the record would be too large
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"id", "op", "organization", "integration", "service", "table"})
public record RowChange(
        String id,
        Op op,
        long organization,
        String integration,
        String service,
        String table,
        @JsonProperty("remote_key") String remoteKey,
        long pk,
        String version,
        @JsonProperty("event_id") String eventId,
        @JsonProperty("committed_at") String committedAt,
        Map<String, JsonNode> row,
        JsonNode data,
        Map<String, JsonNode> previous,
        boolean truncated) {

    /** What happened to the row. */
    public enum Op {
        INSERT,
        UPDATE,
        DELETE;

        /** Lower-case word on the wire. */
        @JsonValue
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }
}
