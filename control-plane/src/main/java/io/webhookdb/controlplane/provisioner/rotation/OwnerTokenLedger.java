package io.webhookdb.controlplane.provisioner.rotation;

import io.webhookdb.security.keyset.Keyset;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Where a rotation is with credentials of owners: these lie in rows of replication databases, which
 * only a provisioner reaches. It does its part while the rotation waits for everybody to apply.
 */
public final class OwnerTokenLedger {
    private static final String WITH_OWNERS =
            "SELECT i.id, i.opaque_id, coalesce(t.after_pk, 0) AS after_pk, t.failure FROM"
                + " integrations i JOIN definitions d ON d.hash = i.definition_hash LEFT JOIN"
                + " owner_tokens t ON t.integration_id = i.id AND t.key_id = :key WHERE"
                + " CAST(d.definition AS jsonb) -> 'owners' -> 'seal' IS NOT NULL AND i.built_table"
                + " IS NOT NULL AND i.table_dropped_at IS NULL AND i.state = 'active' AND t.done_at"
                + " IS NULL ORDER BY i.id";

    private OwnerTokenLedger() {}

    /**
     * Keys of what is sealed for jobs and provisioner.
     *
     * @param added id of the key that all is to be sealed with
     * @param retired ids of those that go
     */
    public record Keys(long added, List<Long> retired) {}

    /**
     * An integration whose rows are not done.
     *
     * @param afterPk primary key up to which they are
     * @param failure why they are not; null: it was not tried, or goes on
     */
    public record Waiting(long id, String opaqueId, long afterPk, String failure) {}

    /** The keys of a rotation that waits for rows; empty if none does. */
    public static Optional<Keys> wanted(Handle handle) {
        return RotationLedger.runningId(handle)
                .map(id -> RotationLedger.byId(handle, id))
                .filter(state -> state.step() == RotationStep.AWAIT_APPLIED)
                .map(OwnerTokenLedger::keys);
    }

    static Keys keys(RotationState state) {
        KeyChange change = state.changes().of(Keyset.CONNECTIONS);
        return new Keys(change.added(), change.retired());
    }

    /** Integrations whose rows are not all sealed with that key. */
    public static List<Waiting> waiting(Handle handle, long key) {
        return handle.createQuery(WITH_OWNERS)
                .bind("key", key)
                .map(
                        (row, context) ->
                                new Waiting(
                                        row.getLong("id"),
                                        row.getString("opaque_id"),
                                        row.getLong("after_pk"),
                                        row.getString("failure")))
                .list();
    }

    /** Rows up to a primary key are done. */
    public static void advanced(
            Handle transaction, Waiting one, long key, long afterPk, int rewritten) {
        note(transaction, one.id(), key, afterPk, rewritten, null);
    }

    /** They could not be read or written. */
    public static void failed(Handle transaction, Waiting one, long key, String why) {
        note(transaction, one.id(), key, one.afterPk(), 0, why);
    }

    private static void note(
            Handle transaction, long id, long key, long afterPk, int rewritten, String failure) {
        transaction.execute(
                "INSERT INTO owner_tokens AS t (integration_id, key_id, after_pk, rewritten,"
                    + " failure) VALUES (?, ?, ?, ?, ?) ON CONFLICT (integration_id) DO UPDATE SET"
                    + " after_pk = EXCLUDED.after_pk, rewritten = CASE WHEN t.key_id ="
                    + " EXCLUDED.key_id THEN t.rewritten ELSE 0 END + EXCLUDED.rewritten, failure ="
                    + " EXCLUDED.failure, key_id = EXCLUDED.key_id, done_at = NULL",
                id,
                key,
                afterPk,
                rewritten,
                failure);
    }

    /** All rows are done. */
    public static void done(Handle transaction, Waiting one, long key) {
        transaction.execute(
                "UPDATE owner_tokens SET done_at = now() WHERE integration_id = ? AND key_id = ?",
                one.id(),
                key);
    }
}
