package io.webhookdb.controlplane.api.onward;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.webhookdb.schemas.control.ControlCodec;
import io.webhookdb.schemas.control.ReplayControl;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/**
 * A replay and what became of it.
 *
 * @param id opaque id, {@code rpl_...}
 * @param status queued, running, finished, failed or cancelled
 * @param lookedAt stored requests read so far, of all organizations
 * @param emitted requests processed again
 * @param refused rejected requests that are refused again
 */
record ReplayView(
        String id,
        String status,
        String integration,
        String requests,
        String after,
        String before,
        long lookedAt,
        long emitted,
        long refused,
        String failure,
        String createdAt,
        String updatedAt,
        String message,
        List<List<String>> displayHeaders) {

    static final List<List<String>> HEADERS =
            List.of(
                    List.of("id", "Id"),
                    List.of("status", "Status"),
                    List.of("integration", "Integration"),
                    List.of("requests", "Requests"),
                    List.of("after", "After"),
                    List.of("before", "Before"),
                    List.of("emitted", "Processed"),
                    List.of("refused", "Refused"),
                    List.of("failure", "Failure"));

    private static final String SELECT =
            "SELECT d.record, d.state AS d_state, d.created_at AS ordered_at, r.* FROM"
                    + " control_documents d LEFT JOIN replays r ON d.key = 'replay/' || r.opaque_id"
                    + " WHERE d.kind = 'replay' AND d.organization_id = :organization";
    private static final Set<String> ENDED = Set.of("finished", "failed", "cancelled");

    /** Whether nothing more follows. */
    @JsonIgnore
    boolean ended() {
        return ENDED.contains(status);
    }

    /** The newest hundred, the newest first. */
    static List<ReplayView> all(Handle handle, long organization) {
        return handle.createQuery(SELECT + " ORDER BY d.id DESC LIMIT 100")
                .bind("organization", organization)
                .map(ReplayView::view)
                .list();
    }

    static Optional<ReplayView> find(Handle handle, long organization, String id) {
        return handle.createQuery(SELECT + " AND d.key = 'replay/' || :id")
                .bind("organization", organization)
                .bind("id", id)
                .map(ReplayView::view)
                .findOne();
    }

    private static ReplayView view(ResultSet row, StatementContext context) throws SQLException {
        ReplayControl order =
                (ReplayControl) ControlCodec.decode(row.getString("record").getBytes(UTF_8));
        String state = row.getString("state") == null ? "queued" : row.getString("state");
        boolean deleted = row.getString("d_state").equals("deleted");
        Timestamp updated = row.getTimestamp("updated_at");
        return new ReplayView(
                order.id(),
                deleted && !ENDED.contains(state) ? "cancelled" : state,
                order.integration(),
                order.requests().name().toLowerCase(Locale.ROOT),
                time(order.afterMicros()),
                time(order.beforeMicros()),
                row.getLong("looked_at"),
                row.getLong("emitted"),
                row.getLong("refused"),
                row.getString("failure"),
                row.getTimestamp("ordered_at").toInstant().toString(),
                updated == null ? null : updated.toInstant().toString(),
                "",
                HEADERS);
    }

    private static String time(long micros) {
        return Instant.EPOCH
                .plus(micros, ChronoUnit.MICROS)
                .truncatedTo(ChronoUnit.SECONDS)
                .toString();
    }
}
