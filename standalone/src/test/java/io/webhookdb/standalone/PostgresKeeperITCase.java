package io.webhookdb.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.webhookdb.embedded.EmbeddedPostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PostgresKeeperITCase {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Test
    void startsAServerAgainThatWasKilledAndFindsWhatWasCommitted() throws SQLException {
        try (EmbeddedPostgresServer server =
                        EmbeddedPostgresServer.start(EmbeddedPostgresServer.Settings.temporary());
                PostgresKeeper keeper = PostgresKeeper.of(server)) {
            try (Connection connection = connect(server);
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE TABLE kept AS SELECT 7 AS n");
            }
            server.kill();

            await().atMost(LIMIT)
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(kept(server)).isEqualTo(7));
            assertThat(keeper).isNotNull();
        }
    }

    private static int kept(EmbeddedPostgresServer server) throws SQLException {
        try (Connection connection = connect(server);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT n FROM kept")) {
            row.next();
            return row.getInt(1);
        }
    }

    private static Connection connect(EmbeddedPostgresServer server) throws SQLException {
        return DriverManager.getConnection(
                server.jdbcUrl("postgres"), server.superuser(), server.password());
    }
}
