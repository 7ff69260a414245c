package io.webhookdb.connectors.replica;

import io.webhookdb.embedded.EmbeddedPostgresServer;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.OrganizationControl;
import io.webhookdb.schemas.row.TableSql;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A replication database on an embedded server. */
final class TestingReplica implements AutoCloseable {
    static final String SCHEMA = "public";

    private final EmbeddedPostgresServer server;

    private TestingReplica(EmbeddedPostgresServer server) {
        this.server = server;
    }

    static TestingReplica start() {
        return new TestingReplica(
                EmbeddedPostgresServer.start(EmbeddedPostgresServer.Settings.temporary()));
    }

    EmbeddedPostgresServer server() {
        return server;
    }

    ReplicaTarget target() {
        return new ReplicaTarget(
                "127.0.0.1", server.port(), "postgres", server.superuser(), server.password());
    }

    /** The organization whose database this is; its password is the server's in clear. */
    OrganizationControl organization(long id, long revision) {
        return new OrganizationControl(
                id,
                "org" + id,
                revision,
                State.ACTIVE,
                new OrganizationControl.Database(
                        "127.0.0.1",
                        server.port(),
                        "postgres",
                        SCHEMA,
                        server.superuser(),
                        server.password(),
                        1));
    }

    void createTable(ServiceDefinition service, String table) {
        execute("DROP TABLE IF EXISTS " + TableSql.quoted(table));
        execute(TableSql.createTable(service, SCHEMA, table));
    }

    void execute(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    List<Map<String, String>> query(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            List<Map<String, String>> rows = new ArrayList<>();
            while (result.next()) {
                Map<String, String> row = new LinkedHashMap<>();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    row.put(result.getMetaData().getColumnName(i), result.getString(i));
                }
                rows.add(row);
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(
                server.jdbcUrl("postgres"), server.superuser(), server.password());
    }

    @Override
    public void close() {
        server.close();
    }
}
