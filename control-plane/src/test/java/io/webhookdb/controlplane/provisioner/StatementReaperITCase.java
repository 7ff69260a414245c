package io.webhookdb.controlplane.provisioner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.webhookdb.controlplane.SharedControlPlane;
import io.webhookdb.controlplane.TestingSystem;
import io.webhookdb.controlplane.TestingTenant;
import io.webhookdb.security.connection.PostgresUrl;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedControlPlane.class)
class StatementReaperITCase {
    private final TestingSystem system;
    private StatementReaper reaper;

    StatementReaperITCase(TestingSystem system) {
        this.system = system;
    }

    @BeforeEach
    void watch() {
        reaper =
                new StatementReaper(
                        List.of(system.superuser()), Duration.ofSeconds(2), Duration.ofSeconds(2));
    }

    @AfterEach
    void close() {
        reaper.close();
    }

    @Test
    void cancelsStatementsThatLiftedTheirTimeout() throws SQLException {
        PostgresUrl reader = tenant("reaper@example.org").reader();
        long start = System.nanoTime();
        try (Connection connection = TestingSystem.connect(reader);
                Statement statement = connection.createStatement()) {
            statement.execute("SET statement_timeout = 0");

            assertThatThrownBy(() -> statement.execute("SELECT pg_sleep(120)"))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            e -> assertThat(e.getSQLState()).isEqualTo("57014"));
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofSeconds(2), Duration.ofSeconds(10));
    }

    /** The limit of a deployed provisioner, which runs here too. */
    @Test
    void isPartOfAProvisioner() throws SQLException {
        PostgresUrl reader = tenant("reaper-deployed@example.org").reader();
        reaper.close();
        long start = System.nanoTime();
        try (Connection connection = TestingSystem.connect(reader);
                Statement statement = connection.createStatement()) {
            statement.execute("SET statement_timeout = 0");
            assertThatThrownBy(() -> statement.execute("SELECT pg_sleep(120)"))
                    .isInstanceOf(SQLException.class);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofSeconds(15), Duration.ofSeconds(30));
    }

    @Test
    void endsSessionsThatDoNothingInATransaction() throws SQLException {
        PostgresUrl reader = tenant("reaper-idle@example.org").reader();
        try (Connection connection = TestingSystem.connect(reader);
                Statement statement = connection.createStatement()) {
            statement.execute("SET idle_in_transaction_session_timeout = 0");
            statement.execute("BEGIN");
            statement.execute("SELECT 1");
            Awaitility.await()
                    .atMost(Duration.ofSeconds(15))
                    .until(
                            () ->
                                    text(
                                                    system.superuser(),
                                                    "SELECT count(*) FROM pg_stat_activity WHERE"
                                                            + " usename = '"
                                                            + reader.user()
                                                            + "'")
                                            .equals("0"));
            assertThatThrownBy(() -> statement.execute("SELECT 1"))
                    .isInstanceOf(SQLException.class);
        }
    }

    @Test
    void leavesOwnersAlone() throws SQLException {
        TestingTenant tenant = tenant("reaper-owner@example.org");
        assertThat(text(tenant.owner(), "SELECT 'done' FROM pg_sleep(6)")).isEqualTo("done");
    }

    /** A role may change its own lasting settings; nothing in Postgres prevents that. */
    @Test
    void setsLastingSettingsRightAgain() throws SQLException {
        PostgresUrl reader = tenant("reaper-settings@example.org").reader();
        try (Connection connection = TestingSystem.connect(reader);
                Statement statement = connection.createStatement()) {
            statement.execute("SET default_transaction_read_only = off");
            String alter = "ALTER ROLE " + reader.user();
            statement.execute(alter + " SET statement_timeout = 0");
            statement.execute(alter + " SET default_transaction_read_only = off");
            statement.execute(alter + " RESET lock_timeout");
            statement.execute(alter + " SET work_mem = '1GB'");
            statement.execute(
                    alter + " IN DATABASE " + reader.database() + " SET statement_timeout = 0");
        }
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> {
                            assertThat(text(reader, "SHOW statement_timeout")).isEqualTo("15s");
                            assertThat(text(reader, "SHOW lock_timeout")).isEqualTo("5s");
                            assertThat(text(reader, "SHOW work_mem")).isNotEqualTo("1GB");
                            assertThat(text(reader, "SHOW default_transaction_read_only"))
                                    .isEqualTo("on");
                        });
    }

    private TestingTenant tenant(String email) {
        return TestingTenant.of(system, email, "stripe_customer_v1");
    }

    private static String text(PostgresUrl url, String sql) throws SQLException {
        try (Connection connection = TestingSystem.connect(url);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
