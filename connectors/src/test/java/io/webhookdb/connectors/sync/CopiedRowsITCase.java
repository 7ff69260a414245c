package io.webhookdb.connectors.sync;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.webhookdb.embedded.EmbeddedPostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CopiedRowsITCase {
    private static final String ROWS =
            "SELECT i, 'row \"' || i, '\\xABCD'::bytea, i %% 2 = 0, '{\"Zoë\":' || i || '}',"
                    + " CASE WHEN i %% 3 > 0 THEN repeat('x', 1000) END"
                    + " FROM generate_series(1::bigint, %d) i ORDER BY i";

    private static EmbeddedPostgresServer server;
    private Connection connection;

    @BeforeAll
    static void startServer() {
        server = EmbeddedPostgresServer.start(EmbeddedPostgresServer.Settings.temporary());
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void connect() throws SQLException {
        connection =
                DriverManager.getConnection(
                        server.jdbcUrl("postgres"), server.superuser(), server.password());
        connection.setAutoCommit(false);
    }

    @AfterEach
    void disconnect() throws SQLException {
        connection.close();
    }

    @Test
    void readsRowsAsTheyAre() throws SQLException {
        List<SyncRow> rows = read(3, Long.MAX_VALUE);

        assertThat(rows).extracting(SyncRow::pk).containsExactly(1L, 2L, 3L);
        assertThat(rows).extracting(SyncRow::deleted).containsExactly(false, true, false);
        assertThat(rows.get(2).key()).isEqualTo("row \"3");
        assertThat(rows.get(2).version()).isEqualTo("abcd");
        assertThat(new String(rows.get(2).row(), UTF_8)).isEqualTo("{\"Zoë\":3}");
        assertThat(rows.get(2).data()).isNull();
        assertThat(rows.get(1).data()).hasSize(1_000).containsOnly('x');
        assertThat(read(0, Long.MAX_VALUE)).isEmpty();
    }

    @Test
    void endsWithTheRowThatReachesTheLimitAndGoesOn() throws SQLException {
        assertThat(read(10_000, 2_000)).extracting(SyncRow::pk).containsExactly(1L, 2L);
        connection.commit();
        assertThat(read(10_000, Long.MAX_VALUE)).hasSize(10_000);
    }

    @Test
    void goesOnAfterAFailure() throws SQLException {
        assertThatThrownBy(() -> CopiedRows.read(connection, "SELECT 1 / 0", 1))
                .isInstanceOf(SQLException.class);
        connection.rollback();
        assertThat(read(1, Long.MAX_VALUE)).hasSize(1);
    }

    private List<SyncRow> read(int count, long mostBytes) throws SQLException {
        return CopiedRows.read(connection, ROWS.formatted(count), mostBytes);
    }
}
