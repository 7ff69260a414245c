package io.webhookdb.connectors.replica;

import static io.webhookdb.connectors.replica.TestingRows.delete;
import static io.webhookdb.connectors.replica.TestingRows.deleteByKey;
import static io.webhookdb.connectors.replica.TestingRows.id;
import static io.webhookdb.connectors.replica.TestingRows.upsert;
import static io.webhookdb.connectors.replica.TestingRows.version;
import static io.webhookdb.connectors.replica.TestingRows.withCells;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.webhookdb.schemas.catalog.Column.Keep;
import io.webhookdb.schemas.catalog.ColumnType;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.control.IntegrationControl.Deletion;
import io.webhookdb.schemas.row.RowUpdate;
import io.webhookdb.schemas.row.RowUpdate.Operation;
import io.webhookdb.schemas.row.TableSql;
import io.webhookdb.schemas.row.Version.Rank;
import io.webhookdb.security.outbound.OutboundPolicy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplicaConnectionITCase {
    private static final String TABLE = "rows";
    private static TestingReplica replica;

    private ServiceDefinition service = TestingRows.service(ColumnType.TEXT);
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
        replica.createTable(service, TABLE);
        connection =
                ReplicaConnection.open(
                        replica.target(),
                        ConnectionTimeouts.DEFAULT,
                        new CustomerServers(OutboundPolicy.parse("")));
    }

    @AfterEach
    void disconnect() {
        connection.close();
    }

    @Test
    @Timeout(30)
    void waitsForALoginLessThanForAStatement() throws Exception {
        ConnectionTimeouts defaults = ConnectionTimeouts.DEFAULT;
        ConnectionTimeouts timeouts =
                new ConnectionTimeouts(
                        defaults.connect(),
                        Duration.ofSeconds(1),
                        Duration.ofMinutes(1),
                        defaults.statement(),
                        defaults.lock(),
                        defaults.idle());
        CustomerServers customers = new CustomerServers(OutboundPolicy.parse(""));
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ReplicaTarget target =
                    new ReplicaTarget("127.0.0.1", silent.getLocalPort(), "db", "user", "password");
            assertThatThrownBy(() -> ReplicaConnection.open(target, timeouts, customers))
                    .isInstanceOf(SQLException.class);
        }
        replica.execute(
                "CREATE OR REPLACE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS"
                        + " 'BEGIN PERFORM pg_sleep(1.5); RETURN NEW; END'");
        replica.execute(
                "CREATE TRIGGER slow BEFORE INSERT ON "
                        + TABLE
                        + " FOR EACH ROW EXECUTE FUNCTION slow()");
        try (ReplicaConnection patient =
                ReplicaConnection.open(replica.target(), timeouts, customers)) {
            assertThat(
                            patient.write(
                                    service,
                                    TestingReplica.SCHEMA,
                                    TABLE,
                                    Deletion.TOMBSTONE,
                                    List.of(upsert("a", 1, 1, "first"))))
                    .hasSize(1);
        }
    }

    @Test
    void insertsARowAndNamesTheEventThatDidIt() throws SQLException {
        StoredRow stored = only(write(upsert("a", 1, 1, "first")));

        assertThat(stored.version().version()).isEqualTo(version(1, Rank.PUSH, 1));
        assertThat(stored.version().insertedBy()).isEqualTo(id(1));
        assertThat(stored.version().changedBy()).isEqualTo(id(1));
        assertThat(stored.deleted()).isFalse();
        assertThat(stored.changed()).isNull();
        assertThat(stored.row())
                .containsEntry("row_id", "\"a\"")
                .containsEntry("name", "\"first\"");
    }

    @Test
    void keepsTheNewerOfTwoVersionsInAnyOrder() throws SQLException {
        List<RowUpdate> updates = new ArrayList<>();
        for (int event = 1; event <= 12; event++) {
            updates.add(upsert("a", event / 4, event, "name" + event));
        }
        Collections.shuffle(updates, new Random(42));
        for (RowUpdate update : updates) {
            write(update);
        }
        assertThat(name("a")).isEqualTo("name12");
    }

    @Test
    void keepsTheLaterOfTwoEventsInTheSameSecond() throws SQLException {
        write(upsert("a", 1, 2, "second"));
        assertThat(write(upsert("a", 1, 1, "first"))).isEmpty();
        assertThat(name("a")).isEqualTo("second");
    }

    @Test
    void letsAPushBeatAPollOfTheSameInstant() throws SQLException {
        write(upsert("a", 1, 1, "pushed"));
        RowUpdate polled =
                TestingRows.row("a", version(1, Rank.POLL, 2), Operation.UPSERT, "polled");
        assertThat(write(polled)).isEmpty();
        assertThat(name("a")).isEqualTo("pushed");
    }

    @Test
    void advancesTheVersionAndNothingElseWhenTheContentIsTheSame() throws SQLException {
        write(upsert("a", 1, 1, "same"));
        StoredRow stored = only(write(upsert("a", 2, 2, "same")));

        assertThat(stored.version().version()).isEqualTo(version(2, Rank.PUSH, 2));
        assertThat(stored.version().changedBy()).isEqualTo(id(1));
        assertThat(stored.version().insertedBy()).isEqualTo(id(1));
    }

    @Test
    void repeatsTheSameAnswerWhenTheSameEventIsWrittenAgain() throws SQLException {
        write(upsert("a", 1, 1, "first"));
        StoredRow once = only(write(upsert("a", 2, 2, "second")));
        StoredRow again = only(write(upsert("a", 2, 2, "second")));

        assertThat(again.version().bytes()).isEqualTo(once.version().bytes());
        assertThat(again.pk()).isEqualTo(once.pk());
        assertThat(again.version().changedBy()).isEqualTo(id(2));
        assertThat(again.version().insertedBy()).isEqualTo(id(1));
    }

    @Test
    void buriesARowUnderItsFinalObjectAndKeepsItThere() throws SQLException {
        write(upsert("a", 1, 1, "alive"));
        StoredRow dead = only(write(delete("a", 2, 2, "final")));

        assertThat(dead.deleted()).isTrue();
        assertThat(dead.version().changedBy()).isEqualTo(id(2));
        assertThat(name("a")).isEqualTo("final");
        assertThat(deletedAt("a")).isEqualTo("2023-11-14 22:13:22+00");
        assertThat(write(upsert("a", 2, 3, "late"))).isEmpty();
        assertThat(name("a")).isEqualTo("final");
    }

    @Test
    void announcesTheDeathOfARowWhoseFinalObjectEqualsItsLastState() throws SQLException {
        write(upsert("a", 1, 1, "same"));
        assertThat(only(write(delete("a", 2, 2, "same"))).version().changedBy()).isEqualTo(id(2));
    }

    @Test
    void revivesOnlyAtAStrictlyNewerTimeAndCountsThatAsAnInsert() throws SQLException {
        write(upsert("a", 1, 1, "alive"));
        write(delete("a", 2, 2, "alive"));
        assertThat(write(upsert("a", 2, 9, "again"))).isEmpty();
        StoredRow revived = only(write(upsert("a", 3, 3, "again")));

        assertThat(revived.deleted()).isFalse();
        assertThat(revived.version().insertedBy()).isEqualTo(id(3));
        assertThat(deletedAt("a")).isNull();
    }

    @Test
    void keepsTheLastKnownColumnsWhenADeleteBringsOnlyTheKey() throws SQLException {
        write(upsert("a", 1, 1, "known"));
        StoredRow dead = only(write(deleteByKey("a", 2, 2)));

        assertThat(dead.deleted()).isTrue();
        assertThat(dead.version().changedBy()).isEqualTo(id(2));
        assertThat(dead.row()).containsEntry("name", "\"known\"");
        assertThat(dead.data()).contains("known");
        assertThat(name("a")).isEqualTo("known");
    }

    @Test
    void announcesADeathOnce() throws SQLException {
        write(upsert("a", 1, 1, "known"));
        write(deleteByKey("a", 2, 2));
        StoredRow again = only(write(deleteByKey("a", 3, 3)));
        assertThat(again.version().changedBy()).isEqualTo(id(2));
    }

    @Test
    void keepsATombstoneForARowItNeverSaw() throws SQLException {
        assertThat(only(write(deleteByKey("a", 2, 2))).deleted()).isTrue();
        assertThat(write(upsert("a", 1, 1, "late"))).isEmpty();
    }

    @Test
    void returnsWhatWasDifferentBefore() throws SQLException {
        write(upsert("a", 1, 1, "before"));
        assertThat(only(write(upsert("a", 2, 2, "after"))).changed())
                .containsOnly(Map.entry("name", "\"before\""));
        assertThat(only(write(upsert("a", 3, 3, "after"))).changed()).isEmpty();
    }

    @Test
    void tellsNothingFromTextThatLooksLikeIt() throws SQLException {
        write(withCells(upsert("a", 1, 1, "n"), withText(null)));
        assertThat(only(write(withCells(upsert("a", 2, 2, "n"), withText("-")))).changed())
                .contains(Map.entry("a text", "null"));
        assertThat(only(write(withCells(upsert("a", 3, 3, "n"), withText("=")))).changed())
                .contains(Map.entry("a text", "\"-\""));
        assertThat(only(write(withCells(upsert("a", 4, 4, "n"), withText("")))).changed())
                .contains(Map.entry("a text", "\"=\""));
        assertThat(only(write(withCells(upsert("a", 5, 5, "n"), withText(null)))).changed())
                .contains(Map.entry("a text", "\"\""));
    }

    /** No value but in the text column, whose place among the types is the eleventh. */
    private static String[] withText(String text) {
        String[] cells = new String[14];
        cells[0] = "n";
        cells[10] = text;
        return cells;
    }

    @Test
    void tellsWhichRowsOfABatchWereWritten() throws SQLException {
        write(upsert("b", 5, 5, "newer"));
        List<StoredRow> stored =
                write(
                        upsert("a", 1, 1, "a"),
                        upsert("b", 1, 2, "stale"),
                        deleteByKey("c", 1, 3),
                        upsert("d", 1, 4, "d"));
        assertThat(stored).extracting(StoredRow::index).containsExactlyInAnyOrder(0, 2, 3);
    }

    @Test
    void writesEveryTypeAndReadsItBackAsJson() throws SQLException {
        RowUpdate row =
                withCells(
                        upsert("a", 1, 1, "n"),
                        "n\"a'm\\e",
                        "9007199254740993",
                        "{1,NULL,3}",
                        "true",
                        "2024-02-29",
                        "0.1",
                        "-5",
                        "{7}",
                        "{\"b\": [1, 2.50]}",
                        "123456789012345678901234567890.10",
                        "text",
                        "{\"a,b\",\"c\\\"d\",NULL,\"NULL\"}",
                        "2024-01-01T00:00:00.123456Z",
                        "018f0000-0000-7000-8000-000000000001");
        assertThat(only(write(row)).row())
                .containsEntry("name", "\"n\\\"a'm\\\\e\"")
                .containsEntry("a bigint", "9007199254740993")
                .containsEntry("a bigint_array", "[1,null,3]")
                .containsEntry("a boolean", "true")
                .containsEntry("a date", "\"2024-02-29\"")
                .containsEntry("a double", "0.1")
                .containsEntry("a integer", "-5")
                .containsEntry("a integer_array", "[7]")
                .containsEntry("a jsonb", "{\"b\": [1, 2.50]}")
                .containsEntry("a numeric", "123456789012345678901234567890.10")
                .containsEntry("a text_array", "[\"a,b\",\"c\\\"d\",null,\"NULL\"]")
                .containsEntry("a timestamptz", "\"2024-01-01T00:00:00.123456+00:00\"")
                .containsEntry("a uuid", "\"018f0000-0000-7000-8000-000000000001\"");
    }

    /** Postgres itself is the reference: whatever it prints, an announcement says. */
    @Test
    void readsEveryValueAsTheServerWritesItIntoJson() throws SQLException {
        List<String> times =
                List.of(
                        "infinity",
                        "-infinity",
                        "0044-03-15 12:00:00+00 BC",
                        "12345-06-07 08:09:10.5+00",
                        "2024-06-30 23:59:59.999999+02");
        for (String time : times) {
            assertThat(RowColumns.json(ColumnType.TIMESTAMPTZ, printed(time, "timestamptz")))
                    .isEqualTo(json(time, "timestamptz"));
        }
        for (String date : List.of("infinity", "0044-03-15 BC", "12345-06-07")) {
            assertThat(RowColumns.json(ColumnType.DATE, printed(date, "date")))
                    .isEqualTo(json(date, "date"));
        }
        String text = "tab\t, quote \", backslash \\, bell \u0007, Zoë, \u2028, \ud83d\ude00";
        assertThat(RowColumns.json(ColumnType.TEXT, text)).isEqualTo(json(text, "text"));
    }

    private static String printed(String value, String type) throws SQLException {
        return inUtc("SELECT '" + value + "'::" + type + "::text");
    }

    private static String json(String value, String type) throws SQLException {
        return inUtc("SELECT to_json('" + value + "'::" + type + ")::text");
    }

    private static String inUtc(String sql) throws SQLException {
        try (Connection session = replica.connect();
                Statement statement = session.createStatement()) {
            statement.execute("SET TimeZone = 'UTC'");
            try (ResultSet result = statement.executeQuery(sql)) {
                result.next();
                return result.getString(1);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"BIGINT", "UUID", "NUMERIC"})
    void matchesRowsByTheTypeOfTheirKey(ColumnType type) throws SQLException {
        service = TestingRows.service(type);
        replica.createTable(service, TABLE);
        String key = type == ColumnType.UUID ? "018F0000-0000-7000-8000-00000000000A" : "007";
        assertThat(write(upsert(key, 1, 1, "a"))).hasSize(1);
        assertThat(only(write(upsert(key, 2, 2, "b"))).index()).isZero();
    }

    @Test
    void keepsTheFirstValueOfAColumnThatSaysSoUntilItIsCleared() throws SQLException {
        service = TestingRows.service(ColumnType.TEXT, Keep.FIRST);
        write(upsert("a", 1, 1, "first"));
        write(upsert("a", 2, 2, "second"));
        assertThat(name("a")).isEqualTo("first");
        write(delete("a", 3, 3, "third"));
        assertThat(name("a")).isEqualTo("first");
        write(upsert("a", 4, 4, null));
        assertThat(name("a")).isNull();
        write(upsert("a", 5, 5, "fifth"));
        assertThat(name("a")).isEqualTo("fifth");
    }

    @Test
    void keepsTheKnownValueOfAColumnThatSaysSo() throws SQLException {
        service = TestingRows.service(ColumnType.TEXT, Keep.KNOWN);
        write(upsert("a", 1, 1, "first"));
        write(upsert("a", 2, 2, null));
        assertThat(name("a")).isEqualTo("first");
        write(upsert("a", 3, 3, "third"));
        assertThat(name("a")).isEqualTo("third");
    }

    @Test
    void writesOlderServersStatementWithoutTheFormerRow() {
        String sql = new UpsertSql(RowColumns.all(service), "public", TABLE, 17, null).upsert();
        assertThat(sql).doesNotContain("old.");
        replica.execute(
                "PREPARE older AS "
                        + sql.replaceFirst("\\?", "\\$1")
                                .replace("?::bytea", "NULL::bytea")
                                .replace("?", "NULL"));
    }

    @Test
    void writesNothingWhenOneRowIsRefused() {
        RowUpdate bad = withCells(upsert("b", 1, 2, "b"), cells("not a number"));
        assertThatThrownBy(() -> write(upsert("a", 1, 1, "a"), bad))
                .isInstanceOf(SQLException.class)
                .satisfies(
                        e ->
                                assertThat(DatabaseFailure.of((SQLException) e))
                                        .isEqualTo(DatabaseFailure.POISON_ROW));
        assertThat(replica.query("SELECT * FROM rows")).isEmpty();
    }

    @Test
    void quotesNamesThatWouldOtherwiseBeStatements() throws SQLException {
        String hostile = "x\"; DROP TABLE rows; --";
        replica.createTable(service, hostile);
        connection.write(
                service,
                TestingReplica.SCHEMA,
                hostile,
                Deletion.TOMBSTONE,
                List.of(upsert("a", 1, 1, "a")));
        assertThat(replica.query("SELECT 1 FROM " + TableSql.quoted(hostile))).hasSize(1);
    }

    private static String[] cells(String bigint) {
        String[] cells = new String[1 + ColumnType.values().length];
        cells[1] = bigint;
        return cells;
    }

    private List<StoredRow> write(RowUpdate... rows) throws SQLException {
        return connection.write(
                service, TestingReplica.SCHEMA, TABLE, Deletion.TOMBSTONE, List.of(rows));
    }

    private static StoredRow only(List<StoredRow> stored) {
        assertThat(stored).hasSize(1);
        return stored.get(0);
    }

    private static String name(String key) {
        return row(key).get("name");
    }

    private static String deletedAt(String key) {
        return row(key).get("deleted_at");
    }

    private static Map<String, String> row(String key) {
        return replica.query(
                        "SELECT name, to_char(_deleted_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"
                                + " HH24:MI:SS') || '+00' AS deleted_at FROM rows WHERE row_id = '"
                                + key
                                + "'")
                .get(0);
    }
}
