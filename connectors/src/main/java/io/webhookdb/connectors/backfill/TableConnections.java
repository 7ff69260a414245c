package io.webhookdb.connectors.backfill;

import io.webhookdb.schemas.control.OrganizationControl;
import io.webhookdb.security.connection.PostgresUrl;
import io.webhookdb.security.keyset.SecretOpener;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/** Connections to organizations' databases that can only read; every wait is bounded. */
final class TableConnections {
    private static final String SESSION =
            "SET default_transaction_read_only = on; SET statement_timeout = 60000;"
                    + " SET lock_timeout = 5000; SET TimeZone = 'UTC'";

    private final SecretOpener opener;

    TableConnections(SecretOpener opener) {
        this.opener = opener;
    }

    Connection open(OrganizationControl organization) throws SQLException {
        OrganizationControl.Database database = organization.database();
        PostgresUrl url =
                new PostgresUrl(
                        database.host(),
                        database.port(),
                        database.name(),
                        database.user(),
                        opener.open(
                                database.passwordCiphertext(),
                                OrganizationControl.ownerPasswordContext(organization.id())));
        Properties properties = new Properties();
        PGProperty.USER.set(properties, url.user());
        PGProperty.PASSWORD.set(properties, url.password());
        PGProperty.CONNECT_TIMEOUT.set(properties, "5");
        PGProperty.LOGIN_TIMEOUT.set(properties, "10");
        PGProperty.SOCKET_TIMEOUT.set(properties, "70");
        PGProperty.APPLICATION_NAME.set(properties, "webhookdb-backfill");
        Connection connection = new Driver().connect(url.jdbcUrl(), properties);
        try (Statement statement = connection.createStatement()) {
            statement.execute(SESSION);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }
}
