package io.webhookdb.controlplane.provisioner;

import io.webhookdb.controlplane.database.ProvisioningQueue;
import io.webhookdb.controlplane.database.ProvisioningQueue.Kind;
import io.webhookdb.controlplane.provisioner.OrganizationRow.DatabaseRow;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.IntegrationControl.Deletion;
import io.webhookdb.schemas.control.IntegrationControl.VerificationMode;
import io.webhookdb.schemas.control.OrganizationControl.Database.RunBy;
import io.webhookdb.schemas.control.VendorAccess;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** What the provisioner reads from and notes in the application database. */
final class Ledger {
    private static final String ORGANIZATION_COLUMNS =
            "o.id AS o_id, o.key, o.state AS o_state, o.revision AS o_revision,"
                    + " o.published_revision AS o_published, d.host, d.port, d.name, d.schema_name,"
                    + " d.owner, d.owner_password_sealed, d.reader, d.readonly_url_encrypted,"
                    + " d.epoch AS d_epoch, d.ready_at, d.ssl_mode, d.run_by, d.held";
    private static final String ORGANIZATIONS =
            "SELECT "
                    + ORGANIZATION_COLUMNS
                    + " FROM organizations o LEFT JOIN organization_databases d ON"
                    + " d.organization_id = o.id";
    private static final String INTEGRATIONS =
            "SELECT i.*, i.created_at < now() - interval '2 seconds' AS overdue, (SELECT"
                    + " other.opaque_id FROM integrations other WHERE other.id = i.depends_on) AS"
                    + " depends_on_id, "
                    + ORGANIZATION_COLUMNS
                    + " FROM integrations i JOIN organizations o ON o.id = i.organization_id LEFT"
                    + " JOIN organization_databases d ON d.organization_id = o.id";

    private Ledger() {}

    static Optional<OrganizationRow> organization(Handle handle, long id) {
        return handle.createQuery(ORGANIZATIONS + " WHERE o.id = :id")
                .bind("id", id)
                .map(Ledger::organization)
                .findOne();
    }

    static Optional<IntegrationRow> integration(Handle handle, long id) {
        return handle.createQuery(INTEGRATIONS + " WHERE i.id = :id")
                .bind("id", id)
                .map(Ledger::integration)
                .findOne();
    }

    /** Organizations that were published before, by id. */
    static List<OrganizationRow> publishedOrganizations(Handle handle, long after, int limit) {
        return handle.createQuery(
                        ORGANIZATIONS
                                + " WHERE o.id > :after AND o.published_revision > 0 ORDER BY o.id"
                                + " LIMIT :limit")
                .bind("after", after)
                .bind("limit", limit)
                .map(Ledger::organization)
                .list();
    }

    /** Integrations that were published before, deleted ones included for a year, by id. */
    static List<IntegrationRow> publishedIntegrations(Handle handle, long after, int limit) {
        return handle.createQuery(
                        INTEGRATIONS
                                + " WHERE i.id > :after AND i.published_revision > 0 AND"
                                + " (i.deleted_at IS NULL OR i.deleted_at > now() - interval '1"
                                + " year') ORDER BY i.id LIMIT :limit")
                .bind("after", after)
                .bind("limit", limit)
                .map(Ledger::integration)
                .list();
    }

    /** The text that was hashed. */
    static Optional<String> definition(Handle handle, String hash) {
        return handle.createQuery("SELECT definition FROM definitions WHERE hash = :hash")
                .bind("hash", hash)
                .mapTo(String.class)
                .findOne();
    }

    /** How many organizations each server ({@code host:port}) has. */
    static Map<String, Long> load(Handle handle) {
        Map<String, Long> load = new HashMap<>();
        handle.createQuery(
                        "SELECT host, port, count(*) FROM organization_databases GROUP BY host,"
                                + " port")
                .map(
                        (row, context) ->
                                Map.entry(server(row.getString(1), row.getInt(2)), row.getLong(3)))
                .forEach(entry -> load.put(entry.getKey(), entry.getValue()));
        return load;
    }

    /** Notes where an organization's rows will go, before anything is made there. */
    static void place(Handle handle, long organization, DatabaseRow database) {
        handle.createUpdate(
                        "INSERT INTO organization_databases (organization_id, host, port, name,"
                            + " schema_name, owner, owner_password_sealed, reader,"
                            + " readonly_url_encrypted, epoch) VALUES (:organization, :host, :port,"
                            + " :name, :schema, :owner, :password, :reader, :url, :epoch)")
                .bind("organization", organization)
                .bind("host", database.host())
                .bind("port", database.port())
                .bind("name", database.name())
                .bind("schema", database.schema())
                .bind("owner", database.owner())
                .bind("password", database.ownerPasswordSealed())
                .bind("reader", database.reader())
                .bind("url", database.readonlyUrlEncrypted())
                .bind("epoch", database.epoch())
                .execute();
        ProvisioningQueue.wake(handle);
    }

    static void databaseReady(Handle handle, long organization) {
        handle.execute(
                "UPDATE organization_databases SET ready_at = now() WHERE organization_id = ?",
                organization);
        ProvisioningQueue.wake(handle);
    }

    /** The table is there, under this name. */
    static void tableReady(Handle handle, long integration, String table) {
        handle.execute(
                "UPDATE integrations SET revision = revision + CASE WHEN table_ready_at IS NULL AND"
                        + " published_revision > 0 THEN 1 ELSE 0 END, table_ready_at ="
                        + " coalesce(table_ready_at, now()), built_table = ? WHERE id = ?",
                table,
                integration);
        ProvisioningQueue.wake(handle);
    }

    /** The name of a table that is not built yet cannot be had: it gets one that nobody has. */
    static String anotherName(Handle handle, long integration) {
        return handle.createQuery(
                        "UPDATE integrations SET table_name = left(table_name, 54) || '_' ||"
                                + " substring(md5(opaque_id || table_name) for 8), revision ="
                                + " revision + 1 WHERE id = :id RETURNING table_name")
                .bind("id", integration)
                .mapTo(String.class)
                .one();
    }

    /** The name cannot be had: the table keeps the one it has, and everyone is told so. */
    static void renameRefused(Handle handle, long integration, String table) {
        handle.execute(
                "UPDATE integrations SET table_name = built_table, revision = revision + 1 WHERE id"
                        + " = ? AND table_name = ?",
                integration,
                table);
        ProvisioningQueue.wake(handle);
    }

    /** Keys of rows that are deleted for good have a place. */
    static void tombstonesReady(Handle handle, long integration) {
        handle.execute("UPDATE integrations SET tombstones_ready = true WHERE id = ?", integration);
        ProvisioningQueue.wake(handle);
    }

    static void tableDropped(Handle handle, long integration) {
        handle.execute(
                "UPDATE integrations SET table_dropped_at = now() WHERE id = ?", integration);
        SavedViewLedger.rebuildAll(handle, integration);
        ProvisioningQueue.wake(handle);
    }

    /** There is nothing to drop and nobody to tell. */
    static void forgotten(Handle handle, long integration) {
        handle.execute(
                "UPDATE integrations SET table_dropped_at = now(), published_revision = revision"
                        + " WHERE id = ?",
                integration);
    }

    static void published(Handle handle, Kind kind, long entity, long revision) {
        String table =
                switch (kind) {
                    case ORGANIZATION -> "organizations";
                    case INTEGRATION -> "integrations";
                    case DOCUMENT -> "control_documents";
                    case SAVED_VIEW, READER_ROLL, MIGRATION, COLUMN_FILL, ROTATION ->
                            throw new IllegalArgumentException(
                                    kind.word() + " " + entity + " is never published.");
                };
        handle.execute(
                "UPDATE "
                        + table
                        + " SET published_revision = ? WHERE id = ? AND published_revision < ?",
                revision,
                entity,
                revision);
        ProvisioningQueue.wake(handle);
    }

    static String server(String host, int port) {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    private static OrganizationRow organization(ResultSet row, StatementContext context)
            throws SQLException {
        return new OrganizationRow(
                row.getLong("o_id"),
                row.getString("key"),
                state(row.getString("o_state")),
                row.getLong("o_revision"),
                row.getLong("o_published"),
                row.getString("host") == null ? Optional.empty() : Optional.of(database(row)));
    }

    private static DatabaseRow database(ResultSet row) throws SQLException {
        return new DatabaseRow(
                row.getString("host"),
                row.getInt("port"),
                server(row.getString("host"), row.getInt("port")),
                row.getString("name"),
                row.getString("schema_name"),
                row.getString("owner"),
                row.getString("owner_password_sealed"),
                row.getString("reader"),
                row.getString("readonly_url_encrypted"),
                row.getLong("d_epoch"),
                row.getTimestamp("ready_at") != null,
                row.getString("ssl_mode"),
                RunBy.valueOf(row.getString("run_by").toUpperCase(Locale.ROOT)),
                row.getBoolean("held"));
    }

    private static IntegrationRow integration(ResultSet row, StatementContext context)
            throws SQLException {
        return new IntegrationRow(
                row.getLong("id"),
                row.getString("opaque_id"),
                organization(row, context),
                row.getString("service_name"),
                row.getString("definition_hash"),
                row.getString("table_name"),
                state(row.getString("state")),
                VerificationMode.valueOf(row.getString("verification").toUpperCase(Locale.ROOT)),
                row.getString("webhook_secret_encrypted"),
                row.getLong("revision"),
                row.getLong("published_revision"),
                row.getLong("epoch"),
                row.getString("built_table"),
                row.getTimestamp("table_dropped_at") != null,
                Deletion.valueOf(row.getString("deletion").toUpperCase(Locale.ROOT)),
                row.getBoolean("tombstones_ready"),
                Optional.ofNullable(row.getString("wanted_definition")),
                row.getBoolean("overdue"),
                access(row),
                row.getString("depends_on_id"));
    }

    private static VendorAccess access(ResultSet row) throws SQLException {
        String key = row.getString("backfill_key_sealed");
        String secret = row.getString("backfill_secret_sealed");
        String url = row.getString("api_url");
        Integer poll = row.getObject("poll_seconds", Integer.class);
        return key == null && secret == null && url == null && poll == null
                ? null
                : new VendorAccess(key, secret, url, poll);
    }

    private static State state(String word) {
        return State.valueOf(word.toUpperCase(Locale.ROOT));
    }
}
