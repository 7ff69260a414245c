package io.webhookdb.connectors.replica;

import static io.webhookdb.connectors.replica.TestingRows.id;
import static io.webhookdb.connectors.replica.TestingRows.upsert;
import static io.webhookdb.connectors.replica.TestingRows.withCells;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.webhookdb.schemas.catalog.ColumnType;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.control.IntegrationControl.Deletion;
import io.webhookdb.schemas.row.RowUpdate;
import io.webhookdb.security.outbound.OutboundPolicy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Large batches go through a stage and end as small ones do. */
class StagesITCase {
    private static final int LARGE = 150;
    private static TestingReplica replica;

    private final ServiceDefinition service = TestingRows.service(ColumnType.TEXT);
    private ReplicaConnection connection;

    @BeforeAll
    static void start() {
        replica = TestingReplica.start();
    }

    @AfterAll
    static void stop() {
        replica.close();
    }

    @BeforeEach
    void connect() throws SQLException {
        replica.createTable(service, "rows");
        connection = open(replica.target());
    }

    @AfterEach
    void disconnect() {
        connection.close();
    }

    @ParameterizedTest
    @EnumSource(Deletion.class)
    void aLargeBatchIsStoredAndAnsweredAsManySmallOnes(Deletion deletion) throws SQLException {
        replica.createTable(service, "singly");
        for (String table : List.of("rows", "singly")) {
            replica.execute("DROP TABLE IF EXISTS _gone_" + table);
            replica.execute(
                    io.webhookdb.schemas.row.TableSql.createTombstones(
                            service, TestingReplica.SCHEMA, table));
        }
        for (int state = 1; state <= 2; state++) {
            List<RowUpdate> rows = rows(state);
            List<StoredRow> together = write("rows", deletion, rows);
            List<StoredRow> singly = new ArrayList<>();
            for (RowUpdate row : rows) {
                singly.addAll(write("singly", deletion, List.of(row)));
            }
            assertThat(answers(together)).isEqualTo(answers(singly)).hasSize(LARGE);
        }
        assertThat(contents("rows")).isEqualTo(contents("singly"));
        assertThat(replica.query("SELECT 1 FROM pg_class WHERE relname LIKE 'webhookdb_stage_%'"))
                .hasSize(1);
    }

    @Test
    void aCellTheServerRefusesIsRefusedInALargeBatchToo() throws SQLException {
        List<RowUpdate> rows = rows(1);
        rows.set(77, withCells(rows.get(77), cells("n", "not a number", "t")));
        assertThatThrownBy(() -> write("rows", Deletion.TOMBSTONE, rows))
                .isInstanceOfSatisfying(
                        SQLException.class,
                        e ->
                                assertThat(DatabaseFailure.of(e))
                                        .isEqualTo(DatabaseFailure.POISON_ROW));
        assertThat(contents("rows")).isEmpty();
        assertThat(write("rows", Deletion.TOMBSTONE, rows(1))).hasSize(LARGE);
    }

    @Test
    void aRoleThatMayNotMakeTemporaryTablesWritesLargeBatchesAllTheSame() throws SQLException {
        replica.execute("REVOKE TEMPORARY ON DATABASE postgres FROM PUBLIC");
        replica.execute("CREATE ROLE plain LOGIN PASSWORD 'plain'");
        replica.execute("GRANT ALL ON rows, rows_pk_seq TO plain");
        ReplicaTarget target = replica.target();
        connection.close();
        connection =
                open(
                        new ReplicaTarget(
                                target.host(), target.port(), target.database(), "plain", "plain"));
        assertThat(write("rows", Deletion.TOMBSTONE, rows(1))).hasSize(LARGE);
        assertThat(write("rows", Deletion.TOMBSTONE, rows(2))).hasSize(LARGE);
    }

    /** Postgres is the reference: what is not asked of it is what it would have said. */
    @Test
    void cellsThatAreCertainAreWhatTheServerPrints() throws SQLException {
        Map<ColumnType, List<String>> cells =
                Map.of(
                        ColumnType.TEXT,
                        List.of("", "a\"b\\c\td\u0007", "Zoë \u2028 \ud83d\ude00", "null"),
                        ColumnType.INTEGER,
                        List.of("0", "-1", "999999999", "007", "+5", "-0", " 5"),
                        ColumnType.BIGINT,
                        List.of("0", "-999999999999999999", "9223372036854775807", "1e3"),
                        ColumnType.BOOLEAN,
                        List.of("true", "false", "t", "yes"),
                        ColumnType.DATE,
                        List.of("2024-02-29", "0001-01-01", "9999-12-31", "2024-2-9"),
                        ColumnType.UUID,
                        List.of(
                                "018f0000-0000-7000-8000-00000000000a",
                                "018F0000-0000-7000-8000-00000000000A"),
                        ColumnType.TIMESTAMPTZ,
                        List.of(
                                "2024-02-29T23:59:59Z",
                                "0001-01-01T00:00:00Z",
                                "1999-12-31T23:59:59.5Z",
                                "1999-12-31T23:59:59.120Z",
                                "1999-12-31T23:59:59.000100Z",
                                "9999-12-31T23:59:59.999999Z",
                                "2024-01-01T00:00:00+02:00"));
        int certain = 0;
        for (Map.Entry<ColumnType, List<String>> type : cells.entrySet()) {
            for (String cell : type.getValue()) {
                if (SentCell.isCertain(type.getKey(), cell)) {
                    certain++;
                    assertThat(SentCell.json(type.getKey(), cell))
                            .isEqualTo(printed(type.getKey(), cell));
                }
            }
        }
        assertThat(certain).isEqualTo(4 + 3 + 2 + 2 + 3 + 1 + 6);
    }

    private static String printed(ColumnType type, String cell) throws SQLException {
        try (Connection session = replica.connect();
                PreparedStatement statement =
                        session.prepareStatement(
                                "SELECT to_json(CAST(? AS " + type.sql() + "))::text")) {
            session.createStatement().execute("SET TimeZone = 'UTC'");
            statement.setString(1, cell);
            try (ResultSet result = statement.executeQuery()) {
                result.next();
                return result.getString(1);
            }
        }
    }

    /** Every type, some missing, some spelled in another way; some rows die in the second state. */
    private static List<RowUpdate> rows(int state) {
        List<RowUpdate> rows = new ArrayList<>();
        for (int i = 0; i < LARGE; i++) {
            RowUpdate row =
                    state == 2 && i % 10 == 0
                            ? TestingRows.delete("key" + i, state, state * 1000 + i, "n")
                            : upsert("key" + i, state, state * 1000 + i, "n");
            rows.add(
                    withCells(
                            row,
                            cells(
                                    i % 3 == 0 ? null : "name \"" + i + "\" é",
                                    Long.toString((i - 75) * 10_000_000_000L * state),
                                    i % 5 == 0 ? "-" : "text" + state)));
        }
        return rows;
    }

    private static String[] cells(String name, String bigint, String text) {
        return new String[] {
            name,
            bigint,
            "{1,NULL,3}",
            "true",
            "2024-02-29",
            "0.1",
            "-5",
            "{7}",
            "{\"b\": [1, 2.50]}",
            "123456789012345678901234567890.10",
            text,
            "{\"a,b\",NULL}",
            "2024-01-01T00:00:00.120Z",
            "018f0000-0000-7000-8000-000000000001"
        };
    }

    private static List<String> answers(List<StoredRow> stored) {
        return stored.stream()
                .sorted(Comparator.comparing(row -> row.row().get("row_id")))
                .map(
                        row ->
                                row.row()
                                        + " "
                                        + row.changed()
                                        + " "
                                        + row.deleted()
                                        + " "
                                        + row.version().version().text()
                                        + " "
                                        + row.version().insertedBy().equals(id(0)))
                .toList();
    }

    private static List<Map<String, String>> contents(String table) {
        return replica.query(
                "SELECT * FROM (SELECT row_to_json(t)::jsonb - 'pk' - '_synced_at' AS row FROM "
                        + table
                        + " t) x ORDER BY row::text");
    }

    private List<StoredRow> write(String table, Deletion deletion, List<RowUpdate> rows)
            throws SQLException {
        return connection.write(service, TestingReplica.SCHEMA, table, deletion, rows);
    }

    private static ReplicaConnection open(ReplicaTarget target) throws SQLException {
        return ReplicaConnection.open(
                target, ConnectionTimeouts.DEFAULT, new CustomerServers(OutboundPolicy.parse("")));
    }
}
