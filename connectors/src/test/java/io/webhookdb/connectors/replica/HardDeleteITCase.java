package io.webhookdb.connectors.replica;

import static io.webhookdb.connectors.replica.TestingRows.delete;
import static io.webhookdb.connectors.replica.TestingRows.deleteByKey;
import static io.webhookdb.connectors.replica.TestingRows.id;
import static io.webhookdb.connectors.replica.TestingRows.upsert;
import static io.webhookdb.connectors.replica.TestingRows.version;
import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.schemas.catalog.ColumnType;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.control.IntegrationControl.Deletion;
import io.webhookdb.schemas.row.RowUpdate;
import io.webhookdb.schemas.row.TableSql;
import io.webhookdb.schemas.row.Version.Rank;
import io.webhookdb.security.outbound.OutboundPolicy;
import java.sql.SQLException;
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

/** Tables whose integration deletes for good. */
class HardDeleteITCase {
    private static final String TABLE = "rows";
    private static final ServiceDefinition SERVICE = TestingRows.service(ColumnType.TEXT);
    private static TestingReplica replica;

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
        String tombstones = TableSql.quoted(TableSql.tombstones(TABLE));
        replica.execute("DROP TABLE IF EXISTS " + tombstones);
        replica.createTable(SERVICE, TABLE);
        replica.execute(TableSql.createTombstones(SERVICE, TestingReplica.SCHEMA, TABLE));
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
    void removesARowAndTellsWhatItWas() throws SQLException {
        long pk = only(write(upsert("a", 1, 1, "alive"))).pk();
        StoredRow dead = only(write(deleteByKey("a", 2, 2)));
        assertThat(names()).isEmpty();
        assertThat(dead.deleted()).isTrue();
        assertThat(dead.pk()).isEqualTo(pk);
        assertThat(dead.row()).containsEntry("name", "\"alive\"");
        assertThat(dead.version().version()).isEqualTo(version(2, Rank.DELETE, 2));
        assertThat(dead.version().changedBy()).isEqualTo(id(2));
    }

    @Test
    void revivesOnlyAtAStrictlyNewerTimeAndCountsThatAsAnInsert() throws SQLException {
        write(upsert("a", 1, 1, "alive"));
        write(delete("a", 2, 2, "final"));
        assertThat(write(upsert("a", 1, 5, "late"))).isEmpty();
        assertThat(write(upsert("a", 2, 9, "again"))).isEmpty();
        assertThat(names()).isEmpty();
        StoredRow revived = only(write(upsert("a", 3, 3, "again")));
        assertThat(revived.version().insertedBy()).isEqualTo(id(3));
        assertThat(revived.version().changedBy()).isEqualTo(id(3));
        assertThat(names()).containsExactly("again");
        assertThat(gone()).isEmpty();
    }

    @Test
    void leavesARowThatIsNewerThanItsDelete() throws SQLException {
        write(upsert("a", 3, 3, "newer"));
        assertThat(write(deleteByKey("a", 2, 4))).isEmpty();
        assertThat(names()).containsExactly("newer");
        assertThat(gone()).isEmpty();
    }

    @Test
    void knowsADeleteThatCameBeforeItsRow() throws SQLException {
        assertThat(only(write(deleteByKey("a", 2, 2))).deleted()).isTrue();
        assertThat(write(upsert("a", 1, 1, "late"))).isEmpty();
        assertThat(names()).isEmpty();
    }

    @Test
    void announcesTheSameDeathUnderTheSameIdAndALaterOneNotAtAll() throws SQLException {
        write(upsert("a", 1, 1, "alive"));
        write(deleteByKey("a", 2, 2));
        StoredRow repeated = only(write(deleteByKey("a", 2, 2)));
        assertThat(repeated.version().changedBy()).isEqualTo(id(2));
        assertThat(repeated.row()).containsOnly(Map.entry("row_id", "\"a\""));
        assertThat(only(write(deleteByKey("a", 5, 5))).version().changedBy()).isEqualTo(id(2));
        assertThat(write(upsert("a", 4, 4, "late"))).isEmpty();
    }

    @Test
    void writesRowsAndDeletesOfOneBatchTogether() throws SQLException {
        write(upsert("a", 1, 1, "a"), upsert("b", 1, 2, "b"));
        List<StoredRow> stored =
                write(deleteByKey("a", 2, 3), upsert("b", 2, 4, "b2"), delete("c", 2, 5, "c"));
        assertThat(stored).extracting(StoredRow::index).containsExactlyInAnyOrder(0, 1, 2);
        assertThat(names()).containsExactly("b2");
    }

    @Test
    void endsTheSameInAnyOrder() throws SQLException {
        List<RowUpdate> updates =
                new ArrayList<>(
                        List.of(
                                upsert("a", 1, 1, "one"),
                                deleteByKey("a", 2, 2),
                                upsert("a", 2, 3, "late"),
                                delete("a", 3, 4, "final"),
                                upsert("a", 4, 5, "last")));
        for (int seed = 0; seed < 30; seed++) {
            replica.execute("DELETE FROM rows");
            replica.execute("DELETE FROM " + TableSql.quoted(TableSql.tombstones(TABLE)));
            Collections.shuffle(updates, new Random(seed));
            for (RowUpdate update : updates) {
                write(update);
            }
            assertThat(names()).containsExactly("last");
            assertThat(gone()).isEmpty();
        }
    }

    private List<StoredRow> write(RowUpdate... rows) throws SQLException {
        return connection.write(
                SERVICE, TestingReplica.SCHEMA, TABLE, Deletion.HARD, List.of(rows));
    }

    private static StoredRow only(List<StoredRow> stored) {
        assertThat(stored).hasSize(1);
        return stored.get(0);
    }

    private static List<String> names() {
        return replica.query("SELECT name FROM rows ORDER BY row_id").stream()
                .map(row -> row.get("name"))
                .toList();
    }

    private static List<?> gone() {
        return replica.query("SELECT k FROM " + TableSql.quoted(TableSql.tombstones(TABLE)));
    }
}
