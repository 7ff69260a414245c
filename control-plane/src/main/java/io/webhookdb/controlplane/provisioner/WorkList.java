package io.webhookdb.controlplane.provisioner;

import io.webhookdb.controlplane.database.ProvisioningQueue.Kind;
import java.time.Duration;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** The list of changed entities, as the provisioner works it off. */
final class WorkList {
    /** Entities one look sees at most. */
    static final int AT_ONCE = 1000;

    private WorkList() {}

    /**
     * An entity on the list.
     *
     * @param lastId its newest entry that was read
     * @param failures failed attempts so far
     */
    record Listed(Kind kind, long entity, long lastId, int failures) {
        String name() {
            return kind.word() + "/" + entity;
        }
    }

    /** Entities whose time has come, the longest listed first. */
    static List<Listed> due(Handle handle) {
        return handle.createQuery(
                        "SELECT kind, entity_id, max(id), max(attempts) FROM provisioning GROUP BY"
                                + " kind, entity_id HAVING min(next_attempt_at) <= now() ORDER BY"
                                + " min(id) LIMIT :limit")
                .bind("limit", AT_ONCE)
                .map(
                        (row, context) ->
                                new Listed(
                                        Kind.of(row.getString(1)),
                                        row.getLong(2),
                                        row.getLong(3),
                                        row.getInt(4)))
                .list();
    }

    static void done(Handle handle, Listed listed) {
        handle.execute(
                "DELETE FROM provisioning WHERE kind = ? AND entity_id = ? AND id <= ?",
                listed.kind().word(),
                listed.entity(),
                listed.lastId());
    }

    /** Puts an entity off that has to wait for something else, so that it is in nobody's way. */
    static void defer(Handle handle, Listed listed, Duration wait) {
        handle.createUpdate(
                        "UPDATE provisioning SET next_attempt_at = now() + make_interval(secs =>"
                                + " :seconds) WHERE kind = :kind AND entity_id = :entity AND id <="
                                + " :last")
                .bind("seconds", wait.toMillis() / 1000.0)
                .bind("kind", listed.kind().word())
                .bind("entity", listed.entity())
                .bind("last", listed.lastId())
                .execute();
    }

    /**
     * Puts an entity off after a failure. The note holds a class and a SQL state, never a
     * credential.
     */
    static void failed(Handle handle, Listed listed, Duration wait, String note) {
        handle.createUpdate(
                        "UPDATE provisioning SET attempts = :attempts, last_failure = :note,"
                                + " next_attempt_at = now() + make_interval(secs => :seconds) WHERE"
                                + " kind = :kind AND entity_id = :entity AND id <= :last")
                .bind("attempts", listed.failures() + 1)
                .bind("note", note)
                .bind("seconds", wait.toMillis() / 1000.0)
                .bind("kind", listed.kind().word())
                .bind("entity", listed.entity())
                .bind("last", listed.lastId())
                .execute();
    }
}
