package io.webhookdb.connectors.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.webhookdb.schemas.catalog.ColumnType;
import io.webhookdb.schemas.control.IntegrationControl.Deletion;
import io.webhookdb.schemas.row.RowUpdate;
import io.webhookdb.security.outbound.OutboundPolicy;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ReplicaConnectionsITCase {
    private static TestingReplica replica;

    @BeforeAll
    static void start() {
        replica = TestingReplica.start();
        replica.execute("CREATE DATABASE other");
        replica.execute("CREATE DATABASE \"a/b?c=d&e f\"");
    }

    @AfterAll
    static void stop() {
        replica.close();
    }

    @Test
    void reusesAConnectionThatWasGivenBack() throws SQLException {
        try (ReplicaConnections connections = connections(2, Duration.ofMinutes(1))) {
            ReplicaConnection first = connections.lease(target("postgres"));
            connections.release(first);
            assertThat(connections.lease(target("postgres"))).isSameAs(first);
            assertThat(connections.open()).isEqualTo(1);
            connections.release(first);
        }
    }

    @Test
    void closesAnIdleConnectionOfAnotherDatabaseWhenTheServerHasNoRoom() throws SQLException {
        try (ReplicaConnections connections = connections(1, Duration.ofMinutes(1))) {
            ReplicaConnection first = connections.lease(target("postgres"));
            connections.release(first);
            ReplicaConnection second = connections.lease(target("other"));
            assertThat(connections.open()).isEqualTo(1);
            assertThat(first.isUsable()).isFalse();
            connections.release(second);
        }
    }

    @Test
    void keepsConnectionsForItsShareOfWhatTheServerTakes() throws SQLException {
        int all =
                Integer.parseInt(
                        replica.query("SHOW max_connections").get(0).get("max_connections"));
        try (ReplicaConnections connections = connections(1, Duration.ofMinutes(1), all / 2 / 2)) {
            ReplicaConnection first = connections.lease(target("postgres"));
            connections.release(first);
            connections.release(connections.lease(target("other")));
            assertThat(connections.lease(target("postgres"))).isSameAs(first);
            assertThat(connections.open()).isEqualTo(2);
            connections.release(first);
            connections.release(connections.lease(target("a/b?c=d&e f")));
            assertThat(connections.open()).isEqualTo(2);
        }
    }

    @Test
    void refusesMoreConnectionsThanTheLimit() throws SQLException {
        try (ReplicaConnections connections = connections(1, Duration.ofMinutes(1))) {
            ReplicaConnection first = connections.lease(target("postgres"));
            assertThatThrownBy(() -> connections.lease(target("postgres")))
                    .isInstanceOf(SQLException.class)
                    .satisfies(
                            e ->
                                    assertThat(DatabaseFailure.of((SQLException) e))
                                            .isEqualTo(DatabaseFailure.TRANSIENT));
            connections.release(first);
        }
    }

    /** A session of Postgres never forgets a table, however much memory that takes. */
    @Test
    void takesANewSessionAfterManyTables() throws SQLException {
        List<RowUpdate> rows = List.of(TestingRows.upsert("a", 1, 1, "n"));
        try (ReplicaConnections connections = connections(2, Duration.ofMinutes(1))) {
            ReplicaConnection first = connections.lease(target("postgres"));
            touch(first, 999, rows);
            touch(first, 999, rows);
            connections.release(first);
            assertThat(connections.lease(target("postgres"))).isSameAs(first);
            touch(first, 1000, rows);
            connections.release(first);
            assertThat(first.isUsable()).isFalse();
            assertThat(connections.open()).isZero();
        }
    }

    private static void touch(ReplicaConnection connection, int tables, List<RowUpdate> rows) {
        for (int i = 0; i < tables; i++) {
            String missing = "missing_" + i;
            assertThatThrownBy(
                            () ->
                                    connection.write(
                                            TestingRows.service(ColumnType.TEXT),
                                            "public",
                                            missing,
                                            Deletion.TOMBSTONE,
                                            rows))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining(missing);
        }
    }

    @Test
    void closesWhatIsIdle() throws SQLException {
        try (ReplicaConnections connections = connections(2, Duration.ZERO)) {
            connections.release(connections.lease(target("postgres")));
            connections.closeIdle();
            assertThat(connections.open()).isZero();
            Awaitility.await()
                    .until(
                            () ->
                                    replica.query(
                                                    "SELECT 1 FROM pg_stat_activity WHERE"
                                                            + " application_name ="
                                                            + " 'webhookdb-replication'")
                                            .isEmpty());
        }
    }

    @Test
    void doesNotCountAConnectionThatCouldNotBeOpened() {
        try (ReplicaConnections connections = connections(1, Duration.ofMinutes(1))) {
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> connections.lease(target("missing")))
                        .isInstanceOf(SQLException.class)
                        .hasMessageContaining("missing");
            }
            assertThat(connections.open()).isZero();
        }
    }

    @Test
    void takesADatabaseNameForNothingElse() throws SQLException {
        try (ReplicaConnections connections = connections(1, Duration.ofMinutes(1))) {
            connections.release(connections.lease(target("a/b?c=d&e f")));
            assertThat(
                            replica.query(
                                    "SELECT datname FROM pg_stat_activity WHERE application_name ="
                                            + " 'webhookdb-replication'"))
                    .extracting(row -> row.get("datname"))
                    .containsExactly("a/b?c=d&e f");
        }
    }

    @Test
    void takesAHostForNothingElse() {
        ReplicaTarget target = replica.target();
        ReplicaTarget hostile =
                new ReplicaTarget(
                        "127.0.0.1/x?socketFactory=y",
                        target.port(),
                        "postgres",
                        target.user(),
                        target.password());
        assertThatThrownBy(hostile::url).hasMessageContaining("neither a name nor an address");
        assertThat(target.toString()).doesNotContain(target.password());
    }

    /** With no more than that, since so many share the server. */
    private static ReplicaConnections connections(int most, Duration idle) {
        return connections(most, idle, 1000);
    }

    private static ReplicaConnections connections(int most, Duration idle, int subtasks) {
        ConnectionTimeouts defaults = ConnectionTimeouts.DEFAULT;
        return new ReplicaConnections(
                new ConnectionTimeouts(
                        defaults.connect(),
                        defaults.login(),
                        defaults.socket(),
                        defaults.statement(),
                        defaults.lock(),
                        idle),
                most,
                subtasks,
                OutboundPolicy.parse(""));
    }

    private static ReplicaTarget target(String database) {
        ReplicaTarget target = replica.target();
        return new ReplicaTarget(
                target.host(), target.port(), database, target.user(), target.password());
    }
}
