package io.webhookdb.controlplane.api.db;

import io.webhookdb.controlplane.api.http.ApiException;
import io.webhookdb.controlplane.api.organizations.Member;
import io.webhookdb.controlplane.api.organizations.Migrations;
import io.webhookdb.controlplane.api.organizations.Organization;
import io.webhookdb.controlplane.database.ProvisioningQueue;
import io.webhookdb.controlplane.database.ReadonlyUrl;
import io.webhookdb.schemas.control.OrganizationControl;
import io.webhookdb.security.connection.PostgresUrl;
import io.webhookdb.security.keyset.SecretCipher;
import io.webhookdb.security.keyset.SecretSealer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementContext;

/** Moves of organizations to other databases, as people ask for and see them. */
final class MigrationStore {
    /** Tables of a customer's own database. */
    private static final String SCHEMA = "public";

    private final Jdbi jdbi;
    private final SecretCipher readers;
    private final SecretSealer connections;

    MigrationStore(Jdbi jdbi, SecretCipher readers, SecretSealer connections) {
        this.jdbi = jdbi;
        this.readers = readers;
        this.connections = connections;
    }

    /** All moves of an organization, the oldest first. */
    List<MigrationView> all(Organization organization) {
        return jdbi.withHandle(
                handle ->
                        handle.createQuery(
                                        "SELECT m.*, coalesce(sum(t.copied), 0) AS copied,"
                                            + " coalesce(sum(greatest(t.expected, t.copied)), 0) AS"
                                            + " expected FROM database_migrations m LEFT JOIN"
                                            + " migration_tables t ON t.migration_id = m.id WHERE"
                                            + " m.organization_id = :organization GROUP BY m.id"
                                            + " ORDER BY m.id")
                                .bind("organization", organization.id())
                                .map(MigrationStore::view)
                                .list());
    }

    /** A move of that organization. */
    MigrationView one(Organization organization, long id) {
        return jdbi.withHandle(
                handle ->
                        handle.createQuery(
                                        "SELECT m.*, 0 AS copied, 0 AS expected FROM"
                                            + " database_migrations m WHERE m.organization_id ="
                                            + " :organization AND m.id = :id")
                                .bind("organization", organization.id())
                                .bind("id", id)
                                .map(MigrationStore::view)
                                .one());
    }

    /** Whether the organization is about to move. */
    boolean isRunning(Organization organization) {
        return jdbi.withHandle(handle -> Migrations.running(handle, organization.id()));
    }

    /** Stores a wish and lists it for the provisioner. */
    long create(Member admin, PostgresUrl present, PostgresUrl owner, PostgresUrl reader) {
        long organization = admin.organization().id();
        return jdbi.inTransaction(
                handle -> {
                    handle.execute(
                            "SELECT 1 FROM organization_databases WHERE organization_id = ? FOR"
                                    + " UPDATE",
                            organization);
                    Migrations.requireNone(handle, organization);
                    requireNoRename(handle, organization);
                    requireFree(handle, owner);
                    long id = insert(handle, admin, present, owner, reader);
                    ProvisioningQueue.add(handle, ProvisioningQueue.Kind.MIGRATION, id);
                    return id;
                });
    }

    private static void requireNoRename(Handle handle, long organization) {
        if (handle.createQuery(
                        "SELECT 1 FROM integrations WHERE organization_id = :organization AND state"
                                + " = 'active' AND built_table <> table_name")
                .bind("organization", organization)
                .mapTo(Integer.class)
                .findFirst()
                .isPresent()) {
            throw ApiException.of(
                    409, "database_locked", "A table is being renamed. Try again in a moment.");
        }
    }

    private static void requireFree(Handle handle, PostgresUrl owner) {
        boolean taken =
                handle.createQuery(
                                "SELECT 1 FROM organization_databases WHERE host = :host AND port ="
                                        + " :port AND name = :name AND schema_name = :schema")
                        .bind("host", owner.host())
                        .bind("port", owner.port())
                        .bind("name", owner.database())
                        .bind("schema", SCHEMA)
                        .mapTo(Integer.class)
                        .findFirst()
                        .isPresent();
        if (taken) {
            throw ApiException.validation(
                    "admin_url", "names a database that an organization is in already");
        }
    }

    private long insert(
            Handle handle,
            Member admin,
            PostgresUrl present,
            PostgresUrl owner,
            PostgresUrl reader) {
        long organization = admin.organization().id();
        return handle.createQuery(
                        "INSERT INTO database_migrations (organization_id, source, destination,"
                            + " host, port, name, schema_name, ssl_mode, owner,"
                            + " owner_password_sealed, reader, readonly_url_encrypted,"
                            + " requested_by) VALUES (:organization, :source, :destination, :host,"
                            + " :port, :name, :schema, :ssl, :owner, :password, :reader, :url,"
                            + " :customer) RETURNING id")
                .bind("organization", organization)
                .bind("source", shown(present))
                .bind("destination", shown(owner))
                .bind("host", owner.host())
                .bind("port", owner.port())
                .bind("name", owner.database())
                .bind("schema", SCHEMA)
                .bind("ssl", owner.sslMode().wordOrNull())
                .bind("owner", owner.user())
                .bind(
                        "password",
                        connections.seal(
                                owner.password(),
                                OrganizationControl.ownerPasswordContext(organization)))
                .bind("reader", reader.user())
                .bind("url", readers.encrypt(reader.url(), ReadonlyUrl.context(organization)))
                .bind("customer", admin.customer().id())
                .mapTo(Long.class)
                .one();
    }

    private static String shown(PostgresUrl url) {
        return "postgres://***:***@" + url.server() + "/" + url.database();
    }

    private static MigrationView view(ResultSet row, StatementContext context) throws SQLException {
        String state = row.getString("state");
        String problem = row.getString("failure");
        return MigrationView.of(
                row.getTimestamp("created_at").toInstant(),
                instant(row.getTimestamp("started_at")),
                instant(row.getTimestamp("finished_at")),
                row.getString("source"),
                row.getString("destination"),
                state,
                row.getLong("copied"),
                row.getLong("expected"),
                problem == null ? row.getString("last_problem") : problem);
    }

    private static java.time.Instant instant(Timestamp time) {
        return time == null ? null : time.toInstant();
    }
}
