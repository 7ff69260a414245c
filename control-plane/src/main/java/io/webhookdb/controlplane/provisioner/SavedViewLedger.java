package io.webhookdb.controlplane.provisioner;

import io.webhookdb.controlplane.database.ProvisioningQueue;
import io.webhookdb.controlplane.database.ProvisioningQueue.Kind;
import io.webhookdb.schemas.control.ControlRecord.State;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Saved views in the application database. */
final class SavedViewLedger {
    private SavedViewLedger() {}

    static Optional<SavedViewRow> view(Handle handle, long id) {
        return handle.createQuery(
                        "SELECT organization_id, name, sql, state, revision, built_revision,"
                                + " built_sql IS NOT NULL FROM saved_views WHERE id = :id")
                .bind("id", id)
                .map(
                        (row, context) ->
                                new SavedViewRow(
                                        id,
                                        Ledger.organization(handle, row.getLong(1)).orElseThrow(),
                                        row.getString(2),
                                        row.getString(3),
                                        State.valueOf(row.getString(4).toUpperCase(Locale.ROOT)),
                                        row.getLong(5),
                                        row.getLong(6),
                                        row.getBoolean(7)))
                .findOne();
    }

    /** Views that an organization's database is to have. */
    static List<SavedViewRow> wanted(Handle handle, long organization) {
        return handle
                .createQuery(
                        "SELECT id FROM saved_views WHERE organization_id = :organization AND state"
                                + " = 'active' ORDER BY id")
                .bind("organization", organization)
                .mapTo(Long.class)
                .stream()
                .flatMap(id -> view(handle, id).stream())
                .toList();
    }

    static void built(Handle handle, SavedViewRow view) {
        handle.execute(
                "UPDATE saved_views SET built_revision = ?, built_sql = ?, failure = NULL WHERE id"
                        + " = ?",
                view.revision(),
                view.sql(),
                view.id());
        ProvisioningQueue.wake(handle);
    }

    static void dropped(Handle handle, SavedViewRow view) {
        handle.execute(
                "DELETE FROM saved_views WHERE id = ? AND revision = ?",
                view.id(),
                view.revision());
        ProvisioningQueue.wake(handle);
    }

    /** The database refused; what it had stays what is wanted. */
    static void refused(Handle handle, SavedViewRow view, String failure) {
        handle.execute(
                "UPDATE saved_views SET built_revision = revision, failure = ?, sql ="
                        + " coalesce(built_sql, sql), state = CASE WHEN built_sql IS NULL THEN"
                        + " 'deleted' ELSE 'active' END WHERE id = ? AND revision = ?",
                failure,
                view.id(),
                view.revision());
        ProvisioningQueue.wake(handle);
    }

    /** A table of the organization is gone, and with it the views that read it. */
    static void rebuildAll(Handle handle, long integration) {
        handle.createQuery("SELECT organization_id FROM integrations WHERE id = :integration")
                .bind("integration", integration)
                .mapTo(Long.class)
                .findOne()
                .ifPresent(organization -> rebuildOf(handle, organization));
    }

    /** What an organization's views read is another table, or none. */
    static void rebuildOf(Handle handle, long organization) {
        handle.createQuery(
                        "UPDATE saved_views SET revision = revision + 1 WHERE state = 'active' AND"
                                + " organization_id = :organization RETURNING id")
                .bind("organization", organization)
                .mapTo(Long.class)
                .list()
                .forEach(view -> ProvisioningQueue.add(handle, Kind.SAVED_VIEW, view));
    }
}
