package io.webhookdb.controlplane.provisioner.replay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.webhookdb.schemas.control.ControlCodec;
import io.webhookdb.schemas.control.ReplayControl;
import io.webhookdb.schemas.status.BackfillProgress.State;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Orders that are not done, and how far each got. */
final class Replays {
    private static final List<String> ENDED =
            List.of(State.FINISHED.word(), State.FAILED.word(), State.CANCELLED.word());

    private Replays() {}

    /**
     * An order and how far it got.
     *
     * @param cursors null before it was begun
     */
    record Open(
            ReplayControl order,
            long lookedAt,
            long emitted,
            long refused,
            ReplayCursors cursors) {}

    /** Marks cancelled ones, and gives those that are to be worked on, the oldest first. */
    static List<Open> open(Handle handle) {
        handle.createUpdate(
                        "UPDATE replays r SET state = 'cancelled', updated_at = now() FROM"
                                + " control_documents d WHERE d.key = 'replay/' || r.opaque_id AND"
                                + " d.state = 'deleted' AND r.state <> ALL(:ended)")
                .bindArray("ended", String.class, ENDED)
                .execute();
        return handle.createQuery(
                        "SELECT d.record, r.looked_at, r.emitted, r.refused, r.cursors FROM"
                            + " control_documents d LEFT JOIN replays r ON d.key = 'replay/' ||"
                            + " r.opaque_id WHERE d.kind = 'replay' AND d.state = 'active' AND"
                            + " (r.state IS NULL OR r.state <> ALL(:ended)) ORDER BY d.id LIMIT 50")
                .bindArray("ended", String.class, ENDED)
                .map(
                        (row, context) ->
                                new Open(
                                        (ReplayControl)
                                                ControlCodec.decode(
                                                        row.getString("record").getBytes(UTF_8)),
                                        row.getLong("looked_at"),
                                        row.getLong("emitted"),
                                        row.getLong("refused"),
                                        row.getString("cursors") == null
                                                ? null
                                                : ReplayCursors.of(row.getString("cursors"))))
                .list();
    }

    /** Notes how far one got, unless it was cancelled meanwhile. */
    static void note(Handle handle, Open replay, State state, String failure) {
        handle.createUpdate(
                        "INSERT INTO replays AS r (opaque_id, organization_id, state, looked_at,"
                            + " emitted, refused, cursors, failure) VALUES (:id, :organization,"
                            + " :state, :looked, :emitted, :refused, :cursors, :failure) ON"
                            + " CONFLICT (opaque_id) DO UPDATE SET state = :state, looked_at ="
                            + " :looked, emitted = :emitted, refused = :refused, cursors ="
                            + " :cursors, failure = :failure, updated_at = now() WHERE r.state <>"
                            + " 'cancelled'")
                .bind("id", replay.order().id())
                .bind("organization", replay.order().organization())
                .bind("state", state.word())
                .bind("looked", replay.lookedAt())
                .bind("emitted", replay.emitted())
                .bind("refused", replay.refused())
                .bind("cursors", replay.cursors() == null ? null : replay.cursors().json())
                .bind("failure", failure)
                .execute();
    }
}
