package io.webhookdb.controlplane.provisioner.rotation;

import io.webhookdb.controlplane.database.ProvisioningQueue;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** Rotations in the application database. */
final class RotationLedger {
    private RotationLedger() {}

    /** The rotation that is not finished, if there is one and nobody else is at work on it. */
    static Optional<RotationState> running(Handle transaction) {
        return transaction
                .createQuery(
                        "SELECT r.*, extract(epoch FROM clock_timestamp() - step_at) AS in_step,"
                            + " CAST(extract(epoch FROM published_at) * 1000000 AS bigint) AS"
                            + " published_micros FROM key_rotations r WHERE finished_at IS NULL FOR"
                            + " UPDATE SKIP LOCKED")
                .map(RotationLedger::state)
                .findOne();
    }

    static RotationState byId(Handle handle, long id) {
        return handle.createQuery(
                        "SELECT r.*, extract(epoch FROM clock_timestamp() - step_at) AS in_step,"
                                + " CAST(extract(epoch FROM published_at) * 1000000 AS bigint) AS"
                                + " published_micros FROM key_rotations r WHERE id = :id")
                .bind("id", id)
                .map(RotationLedger::state)
                .one();
    }

    /** The id of the rotation that is not finished. */
    static Optional<Long> runningId(Handle handle) {
        return handle.createQuery("SELECT id FROM key_rotations WHERE finished_at IS NULL")
                .mapTo(Long.class)
                .findOne();
    }

    /** Begins one, unless there is one. The parts that must be heard are those heard lately. */
    static void begin(Handle transaction, KeyChanges changes, Set<String> without) {
        transaction
                .createUpdate(
                        "INSERT INTO key_rotations (step, keys, parts) SELECT :step, CAST(:keys AS"
                            + " jsonb), coalesce(array_agg(DISTINCT part), '{}') FROM (SELECT"
                            + " split_part(reader, '/', 1) AS part FROM keyset_readers WHERE"
                            + " seen_at > now() - interval '1 day') p WHERE part <> ALL (:without)"
                            + " ON CONFLICT DO NOTHING")
                .bind("step", RotationStep.DISTRIBUTE.name())
                .bind("keys", changes.json())
                .bindArray("without", String.class, without.toArray())
                .execute();
    }

    /** Parts that are known not to run any more hold nothing up. */
    static void without(Handle transaction, Set<String> parts) {
        transaction
                .createUpdate(
                        "UPDATE key_rotations SET parts = (SELECT coalesce(array_agg(p), '{}') FROM"
                                + " unnest(parts) p WHERE p <> ALL (:without)) WHERE finished_at IS"
                                + " NULL")
                .bindArray("without", String.class, parts.toArray())
                .execute();
    }

    static void enter(Handle transaction, RotationState state, RotationStep step) {
        transaction.execute(
                "UPDATE key_rotations SET step = ?, step_at = now(), place = 0, after_id = 0,"
                        + " pass_rewritten = 0, finished_at = CASE WHEN CAST(? AS boolean) THEN"
                        + " now() END WHERE id = ?",
                step.name(),
                step == RotationStep.DONE,
                state.id());
    }

    static void rewritten(
            Handle transaction, RotationState state, int place, long after, int count) {
        transaction.execute(
                "UPDATE key_rotations SET place = ?, after_id = ?, rewritten = rewritten + ?,"
                        + " pass_rewritten = pass_rewritten + ? WHERE id = ?",
                place,
                after,
                count,
                count,
                state.id());
    }

    /** The next pass over everything. */
    static void nextPass(Handle transaction, RotationState state) {
        transaction.execute(
                "UPDATE key_rotations SET place = 0, after_id = 0, pass_rewritten = 0 WHERE id = ?",
                state.id());
    }

    /** Notes what has to be published before the rotation goes on. */
    static void listed(Handle transaction, RotationState state) {
        transaction.execute(
                "UPDATE key_rotations SET published_at = NULL, listed = (SELECT coalesce(max(id),"
                        + " 0) FROM provisioning) WHERE id = ?",
                state.id());
    }

    /** Entities that were listed then and are published with an older revision. */
    static long unpublished(Handle handle, RotationState state) {
        return handle.createQuery(
                        "SELECT count(*) FROM (SELECT DISTINCT kind, entity_id FROM provisioning"
                            + " WHERE id <= :listed) l WHERE EXISTS (SELECT FROM organizations o"
                            + " WHERE l.kind = 'organization' AND o.id = l.entity_id AND"
                            + " o.published_revision BETWEEN 1 AND o.revision - 1) OR EXISTS"
                            + " (SELECT FROM integrations i WHERE l.kind = 'integration' AND i.id ="
                            + " l.entity_id AND i.published_revision BETWEEN 1 AND i.revision - 1)"
                            + " OR EXISTS (SELECT FROM control_documents d WHERE l.kind ="
                            + " 'document' AND d.id = l.entity_id AND d.published_revision BETWEEN"
                            + " 1 AND d.revision - 1)")
                .bind("listed", state.listed())
                .mapTo(Long.class)
                .one();
    }

    /** Has the control topic told that everything is published. */
    static void published(Handle transaction, RotationState state) {
        transaction.execute(
                "UPDATE key_rotations SET published_at = clock_timestamp(), told_at = now() WHERE"
                        + " id = ?",
                state.id());
        ProvisioningQueue.add(transaction, ProvisioningQueue.Kind.ROTATION, state.id());
    }

    /**
     * Has it told again, now and then: a job that was restarted has passed the record and does not
     * know of it any more.
     */
    static void tellAgain(Handle transaction, RotationState state) {
        int told =
                transaction.execute(
                        "UPDATE key_rotations SET told_at = now() WHERE id = ? AND told_at < now()"
                                + " - interval '15 seconds'",
                        state.id());
        if (told == 1) {
            ProvisioningQueue.add(transaction, ProvisioningQueue.Kind.ROTATION, state.id());
        }
    }

    private static RotationState state(ResultSet row, StatementContext context)
            throws SQLException {
        long published = row.getLong("published_micros");
        Optional<Long> publishedMicros = row.wasNull() ? Optional.empty() : Optional.of(published);
        return new RotationState(
                row.getLong("id"),
                RotationStep.valueOf(row.getString("step")),
                KeyChanges.parse(row.getString("keys")),
                Set.copyOf(texts(row.getArray("parts"))),
                Duration.ofMillis((long) (row.getDouble("in_step") * 1000)),
                row.getInt("place"),
                row.getLong("after_id"),
                row.getLong("rewritten"),
                row.getLong("pass_rewritten"),
                row.getLong("listed"),
                publishedMicros);
    }

    private static List<String> texts(Array array) throws SQLException {
        return Arrays.asList((String[]) array.getArray());
    }
}
