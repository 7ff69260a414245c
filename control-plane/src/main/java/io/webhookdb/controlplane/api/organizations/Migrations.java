package io.webhookdb.controlplane.api.organizations;

import io.webhookdb.controlplane.api.http.ApiException;
import org.jdbi.v3.core.Handle;

/** Whether an organization is being moved to another database, while its tables must stay. */
public final class Migrations {
    private Migrations() {}

    /** Whether it is. */
    public static boolean running(Handle handle, long organization) {
        return handle.createQuery(
                        "SELECT 1 FROM database_migrations WHERE organization_id = :organization"
                                + " AND state NOT IN ('finished', 'failed')")
                .bind("organization", organization)
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }

    /** 409 while it is. */
    public static void requireNone(Handle handle, long organization) {
        if (running(handle, organization)) {
            throw inProgress();
        }
    }

    /** The 409. */
    public static ApiException inProgress() {
        return ApiException.of(
                409,
                "migration_in_progress",
                "The organization is being moved to another database. Run `webhookdb db migrations"
                        + " list` to see how far it is.");
    }
}
