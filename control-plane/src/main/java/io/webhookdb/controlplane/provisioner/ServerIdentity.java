package io.webhookdb.controlplane.provisioner;

import io.webhookdb.security.connection.PostgresUrl;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Tells whether two addresses lead to the same server: host names alone do not. */
final class ServerIdentity {
    private ServerIdentity() {}

    static boolean same(Connection connection, PostgresUrl other) throws SQLException {
        try (Connection second = AdminConnections.open(other)) {
            return identity(connection).equals(identity(second));
        }
    }

    /** System identifiers are copied with data folders; start time and port tell copies apart. */
    private static String identity(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "SELECT system_identifier::text || ' ' ||"
                                        + " pg_catalog.pg_postmaster_start_time()::text || ' ' ||"
                                        + " pg_catalog.current_setting('port') FROM"
                                        + " pg_catalog.pg_control_system()")) {
            row.next();
            return row.getString(1);
        }
    }
}
