package io.webhookdb.controlplane.provisioner;

import io.webhookdb.controlplane.database.ApplicationDatabase;
import io.webhookdb.controlplane.database.ProvisioningQueue;
import io.webhookdb.controlplane.database.ProvisioningQueue.Kind;
import io.webhookdb.controlplane.database.ReadonlyUrl;
import io.webhookdb.security.connection.PostgresUrl;
import io.webhookdb.security.keyset.SecretCipher;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/**
 * Notes that a replication server listens on another port than before. What it holds is the same:
 * databases, roles and passwords stay, connection strings get the new port, and everyone who writes
 * is told.
 */
public final class MovedServer {
    private final PostgresUrl server;
    private final SecretCipher readers;

    private MovedServer(PostgresUrl server, SecretCipher readers) {
        this.server = server;
        this.readers = readers;
    }

    /**
     * Corrects the addresses of the organizations that are on the server. Others of the same host
     * are told apart by their owners' names, which are random.
     *
     * @param application the application database, brought to this release here
     * @param server administrator of the server as it is reached now
     * @param readers opens and encrypts connection strings
     * @return how many organizations had another port
     */
    public static int note(PostgresUrl application, PostgresUrl server, SecretCipher readers) {
        try (ApplicationDatabase database = ApplicationDatabase.open(application, 1)) {
            database.migrate();
            MovedServer moved = new MovedServer(server, readers);
            return database.jdbi().inTransaction(moved::correct);
        } catch (SQLException e) {
            throw new IllegalStateException(
                    "Server " + server.server() + " does not say what it holds", e);
        }
    }

    private int correct(Handle handle) throws SQLException {
        List<Placed> elsewhere =
                handle.createQuery(
                                "SELECT organization_id, owner FROM organization_databases WHERE"
                                        + " run_by = 'operator' AND host = :host AND port <> :port"
                                        + " ORDER BY organization_id FOR UPDATE")
                        .bind("host", server.host())
                        .bind("port", server.port())
                        .map((row, context) -> new Placed(row.getLong(1), row.getString(2)))
                        .list();
        Set<String> here =
                elsewhere.isEmpty()
                        ? Set.of()
                        : roles(elsewhere.stream().map(Placed::owner).toArray(String[]::new));
        List<Placed> moved =
                elsewhere.stream().filter(placed -> here.contains(placed.owner())).toList();
        moved.forEach(placed -> correct(handle, placed.organization()));
        return moved.size();
    }

    private record Placed(long organization, String owner) {}

    /** Which of these roles the server has. */
    private Set<String> roles(String[] names) throws SQLException {
        Set<String> found = new HashSet<>();
        try (Connection connection = AdminConnections.open(server);
                PreparedStatement statement =
                        connection.prepareStatement(
                                "SELECT rolname FROM pg_catalog.pg_roles WHERE rolname = ANY"
                                        + " (?)")) {
            statement.setArray(1, connection.createArrayOf("text", names));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(rows.getString(1));
                }
            }
        }
        return found;
    }

    private void correct(Handle handle, long organization) {
        correctUrls(
                handle,
                organization,
                "organization_databases",
                "organization_id",
                "readonly_url_encrypted");
        correctUrls(handle, organization, "reader_rolls", "id", "url_encrypted");
        correctUrls(handle, organization, "reader_rolls", "id", "old_url_encrypted");
        handle.execute(
                "UPDATE organization_databases SET port = ? WHERE organization_id = ?",
                server.port(),
                organization);
        handle.execute(
                "UPDATE organizations SET revision = revision + 1 WHERE id = ?", organization);
        ProvisioningQueue.add(handle, Kind.ORGANIZATION, organization);
    }

    /** Table, key and column are names of ours. */
    private void correctUrls(
            Handle handle, long organization, String table, String key, String column) {
        String context = ReadonlyUrl.context(organization);
        handle.createQuery(
                        "SELECT "
                                + key
                                + ", "
                                + column
                                + " FROM "
                                + table
                                + " WHERE organization_id = :organization AND "
                                + column
                                + " IS NOT NULL")
                .bind("organization", organization)
                .map((row, statement) -> new Kept(row.getLong(1), row.getString(2)))
                .list()
                .forEach(
                        kept -> {
                            PostgresUrl old =
                                    PostgresUrl.parse(readers.decrypt(kept.encrypted(), context));
                            PostgresUrl now =
                                    server.with(old.database(), old.user(), old.password());
                            handle.execute(
                                    "UPDATE "
                                            + table
                                            + " SET "
                                            + column
                                            + " = ? WHERE "
                                            + key
                                            + " = ?",
                                    readers.encrypt(now.url(), context),
                                    kept.key());
                        });
    }

    private record Kept(long key, String encrypted) {}
}
