package io.webhookdb.controlplane.api.db;

import io.webhookdb.controlplane.database.ProvisioningQueue;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Views as they are wanted; the provisioner makes and drops them. */
final class SavedViewStore {
    private final Jdbi jdbi;

    SavedViewStore(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /**
     * A view.
     *
     * @param failure why the database does not have it as wanted; empty if it has, or will have
     */
    record SavedView(long id, String name, String failure) {}

    /** Wants a view; answers its id. */
    long put(long organization, String name, String sql, long customer) {
        return jdbi.inTransaction(
                handle -> {
                    long id =
                            handle.createQuery(
                                            "INSERT INTO saved_views (organization_id, name, sql,"
                                                + " created_by) VALUES (:organization, :name, :sql,"
                                                + " :customer) ON CONFLICT (organization_id, name)"
                                                + " DO UPDATE SET sql = excluded.sql, state ="
                                                + " 'active', failure = NULL, revision ="
                                                + " saved_views.revision + 1 RETURNING id")
                                    .bind("organization", organization)
                                    .bind("name", name)
                                    .bind("sql", sql)
                                    .bind("customer", customer)
                                    .mapTo(Long.class)
                                    .one();
                    ProvisioningQueue.add(handle, ProvisioningQueue.Kind.SAVED_VIEW, id);
                    return id;
                });
    }

    /** Wants a view no more. */
    void delete(long id) {
        jdbi.useTransaction(
                handle -> {
                    handle.execute(
                            "UPDATE saved_views SET state = 'deleted', failure = NULL, revision ="
                                    + " revision + 1 WHERE id = ?",
                            id);
                    ProvisioningQueue.add(handle, ProvisioningQueue.Kind.SAVED_VIEW, id);
                });
    }

    List<SavedView> all(long organization) {
        return jdbi.withHandle(
                handle -> select(handle, organization, "state = 'active' ORDER BY name"));
    }

    Optional<SavedView> find(long organization, String name) {
        return all(organization).stream().filter(view -> view.name().equals(name)).findFirst();
    }

    /** Why a view is not as wanted; empty if it is, or is gone. */
    String failure(long id) {
        return jdbi.withHandle(
                handle ->
                        handle.createQuery("SELECT failure FROM saved_views WHERE id = :id")
                                .bind("id", id)
                                .mapTo(String.class)
                                .findOne()
                                .orElse(""));
    }

    /** Whether an integration's table has this name. */
    boolean isTable(long organization, String name) {
        return jdbi.withHandle(
                handle ->
                        handle.createQuery(
                                        "SELECT EXISTS (SELECT FROM integrations WHERE"
                                                + " organization_id = :organization AND table_name"
                                                + " = :name AND table_dropped_at IS NULL)")
                                .bind("organization", organization)
                                .bind("name", name)
                                .mapTo(Boolean.class)
                                .one());
    }

    private static List<SavedView> select(Handle handle, long organization, String where) {
        return handle.createQuery(
                        "SELECT id, name, coalesce(failure, '') FROM saved_views WHERE"
                                + " organization_id = :organization AND "
                                + where)
                .bind("organization", organization)
                .map(
                        (row, context) ->
                                new SavedView(row.getLong(1), row.getString(2), row.getString(3)))
                .list();
    }
}
