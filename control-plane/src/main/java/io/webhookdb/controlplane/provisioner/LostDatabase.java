package io.webhookdb.controlplane.provisioner;

import io.webhookdb.controlplane.database.ApplicationDatabase;
import io.webhookdb.controlplane.database.ProvisioningQueue;
import io.webhookdb.controlplane.database.ProvisioningQueue.Kind;
import io.webhookdb.security.connection.PostgresUrl;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Has an organization's database made again that is gone with all it held: the same names, roles
 * and passwords, so that connection strings go on working, and empty tables. What is still there is
 * left as it is. Rows come from a replay or a backfill; a new epoch keeps what the jobs remember of
 * the former rows from swallowing them.
 */
public final class LostDatabase {
    private LostDatabase() {}

    /**
     * Orders it; the provisioner does the rest.
     *
     * @param organization key or number
     * @return the tables that will be there
     * @throws IllegalArgumentException if there is no such organization with a database
     * @throws IllegalStateException if it is being moved
     */
    public static List<String> remake(PostgresUrl application, String organization) {
        try (ApplicationDatabase database = ApplicationDatabase.open(application, 1)) {
            return database.jdbi().inTransaction(handle -> order(handle, organization));
        }
    }

    private static List<String> order(Handle handle, String organization) {
        long id =
                found(handle, organization)
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "Organization \""
                                                        + organization
                                                        + "\": expected key or number of one that"
                                                        + " is active and has a database."));
        refuseWhileItMoves(handle, id);
        handle.execute(
                "UPDATE organization_databases SET ready_at = NULL WHERE organization_id = ? AND"
                        + " run_by = 'operator'",
                id);
        handle.execute("UPDATE organizations SET revision = revision + 1 WHERE id = ?", id);
        List<String> tables =
                handle.createQuery(
                                "UPDATE integrations SET table_ready_at = NULL, built_table ="
                                        + " NULL, tombstones_ready = false, epoch = epoch + 1,"
                                        + " revision = revision + 1 WHERE organization_id = :id"
                                        + " AND state = 'active' RETURNING table_name")
                        .bind("id", id)
                        .mapTo(String.class)
                        .list();
        ProvisioningQueue.add(handle, Kind.ORGANIZATION, id);
        handle.createQuery(
                        "SELECT id FROM integrations WHERE organization_id = :id AND state ="
                                + " 'active' ORDER BY id")
                .bind("id", id)
                .mapTo(Long.class)
                .list()
                .forEach(one -> ProvisioningQueue.add(handle, Kind.INTEGRATION, one));
        SavedViewLedger.rebuildOf(handle, id);
        return tables.stream().sorted().toList();
    }

    /** Nothing of it changes until the end of the transaction. */
    private static Optional<Long> found(Handle handle, String organization) {
        return handle.createQuery(
                        "SELECT o.id FROM organizations o JOIN organization_databases d ON"
                                + " d.organization_id = o.id WHERE (o.key = :text OR o.id::text ="
                                + " :text) AND o.state = 'active' FOR NO KEY UPDATE OF o")
                .bind("text", organization)
                .mapTo(Long.class)
                .findOne();
    }

    private static void refuseWhileItMoves(Handle handle, long organization) {
        boolean moving =
                handle.createQuery(
                                "SELECT EXISTS (SELECT FROM database_migrations WHERE"
                                        + " organization_id = :id AND state NOT IN ('finished',"
                                        + " 'failed'))")
                        .bind("id", organization)
                        .mapTo(Boolean.class)
                        .one();
        if (moving) {
            throw new IllegalStateException(
                    "Organization "
                            + organization
                            + " is being moved to another database. Expected: a move that ended.");
        }
    }
}
