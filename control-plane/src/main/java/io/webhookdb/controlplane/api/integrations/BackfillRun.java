package io.webhookdb.controlplane.api.integrations;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import io.webhookdb.schemas.control.BackfillControl;
import io.webhookdb.schemas.control.ControlCodec;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * An order, or the newest run of a schedule, and how far it got.
 *
 * @param id opaque id
 * @param state word of the job; empty while it has not been heard of
 * @param ended whether the order was ended
 * @param repaired rows it changed: what webhooks had not brought
 * @param schedule whether nobody ordered it
 */
record BackfillRun(
        String id,
        String state,
        boolean ended,
        boolean schedule,
        boolean incremental,
        JsonNode criteria,
        long pages,
        long items,
        long repaired,
        double itemsPerSecond,
        Instant estimatedEnd,
        Instant startedAt,
        Instant finishedAt,
        String failure) {

    private static final int MOST_LISTED = 100;
    private static final String REPAIRED =
            "(SELECT coalesce(sum(p.repaired), 0)::bigint FROM backfill_repairs p WHERE p.run ="
                    + " r.id AND p.started_at = r.started_at) AS rows_repaired";
    private static final String ORDERS =
            "SELECT substr(c.key, 10) AS run, c.record, c.state AS ordered, r.*, "
                    + REPAIRED
                    + " FROM control_documents c LEFT JOIN backfill_runs r ON r.id = substr(c.key,"
                    + " 10) WHERE c.kind = 'backfill' AND c.integration = :integration";
    private static final String SCHEDULED =
            "SELECT r.id AS run, NULL AS record, 'active' AS ordered, r.*, "
                    + REPAIRED
                    + " FROM backfill_runs r WHERE r.integration = :integration AND r.id = 'sch_'"
                    + " || :integration";

    /**
     * The contract's form and more: its status has three words, and failed and cancelled besides.
     *
     * @param message what went wrong, or what is waited for
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record View(
            String id,
            String status,
            String startedAt,
            String finishedAt,
            Integration.View serviceIntegration,
            String message,
            String state,
            boolean incremental,
            JsonNode criteria,
            boolean scheduled,
            long pages,
            long items,
            long repaired,
            double itemsPerSecond,
            String estimatedEnd) {}

    static Optional<BackfillRun> find(Handle handle, Integration integration, String id) {
        return all(handle, integration).stream().filter(run -> run.id().equals(id)).findFirst();
    }

    /** The schedule's first, then orders, the newest first. */
    static List<BackfillRun> all(Handle handle, Integration integration) {
        return handle.createQuery(
                        "SELECT * FROM ("
                                + SCHEDULED
                                + ") s UNION ALL SELECT * FROM ("
                                + ORDERS
                                + " ORDER BY c.id DESC LIMIT :most) o")
                .bind("integration", integration.opaqueId())
                .bind("most", MOST_LISTED)
                .map((row, context) -> run(row))
                .list();
    }

    View view(Integration integration, String message) {
        return new View(
                id,
                status(),
                text(startedAt),
                text(finishedAt),
                integration.view(""),
                failure == null ? message : failure,
                stateWord(),
                incremental,
                criteria,
                schedule,
                pages,
                items,
                repaired,
                itemsPerSecond,
                text(estimatedEnd));
    }

    /** Whether the vendor has answered, or could not be asked. */
    boolean hasMetVendor() {
        return pages > 0 || failure != null || finishedAt != null;
    }

    /** Whether it ended before there was a page, in a way that no retry mends. */
    boolean wasRefused() {
        return state.equals("failed") && pages == 0;
    }

    private String stateWord() {
        return state.isEmpty() ? ended ? "cancelled" : "queued" : state;
    }

    private String status() {
        return switch (stateWord()) {
            case "queued" -> "enqueued";
            case "running", "waiting_for_vendor" -> "inprogress";
            default -> stateWord();
        };
    }

    private static BackfillRun run(ResultSet row) throws SQLException {
        String record = row.getString("record");
        BackfillControl order =
                record != null
                                && ControlCodec.decode(record.getBytes(UTF_8))
                                        instanceof BackfillControl found
                        ? found
                        : null;
        boolean incremental = order == null || order.extent() == BackfillControl.Extent.INCREMENTAL;
        String state = row.getString("state");
        return new BackfillRun(
                row.getString("run"),
                state == null ? "" : state,
                row.getString("ordered").equals("deleted"),
                record == null,
                incremental,
                order == null ? null : order.criteria(),
                row.getLong("pages"),
                row.getLong("items"),
                row.getLong("rows_repaired"),
                row.getDouble("items_per_second"),
                time(row, "estimated_end"),
                time(row, "started_at"),
                time(row, "finished_at"),
                row.getString("failure"));
    }

    private static Instant time(ResultSet row, String column) throws SQLException {
        return row.getTimestamp(column) == null ? null : row.getTimestamp(column).toInstant();
    }

    private static String text(Instant time) {
        return time == null ? null : time.toString();
    }
}
