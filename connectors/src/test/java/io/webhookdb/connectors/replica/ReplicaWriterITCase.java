package io.webhookdb.connectors.replica;

import static io.webhookdb.connectors.replica.TestingRows.INTEGRATION;
import static io.webhookdb.connectors.replica.TestingRows.ORGANIZATION;
import static io.webhookdb.connectors.replica.TestingRows.receivedAt;
import static io.webhookdb.connectors.replica.TestingRows.upsert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.webhookdb.schemas.catalog.ColumnType;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.change.RowChange;
import io.webhookdb.schemas.control.ControlRecord;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.DefinitionControl;
import io.webhookdb.schemas.control.IntegrationControl;
import io.webhookdb.schemas.control.OrganizationControl;
import io.webhookdb.schemas.row.RowUpdate;
import io.webhookdb.schemas.row.TableSql;
import io.webhookdb.security.keyset.KeysetFolder;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ReplicaWriterITCase {
    private static final String TABLE = "rows";
    private static final ServiceDefinition SERVICE = TestingRows.service(ColumnType.TEXT);
    private static final long OTHER_ORGANIZATION = 8;

    @TempDir static Path keysets;
    private static TestingReplica replica;
    private static KeysetFolder keysetFolder;

    private final List<TestingWriter> open = new ArrayList<>();
    private ReplicaWriterSettings settings = quick(ReplicaWriterSettings.DEFAULT);

    @BeforeAll
    static void startServer() {
        replica = TestingReplica.start();
        keysetFolder = KeysetFolder.openOrGenerate(keysets);
    }

    @AfterAll
    static void stopServer() {
        replica.close();
    }

    @BeforeEach
    void createTable() {
        replica.server().start();
        replica.createTable(SERVICE, TABLE);
    }

    @AfterEach
    void close() throws Exception {
        for (TestingWriter writer : open) {
            writer.close();
        }
    }

    @Test
    void writesRowsAndAnnouncesThemAfterTheirCommit() throws Exception {
        TestingWriter writer = start();
        writer.send(upsert("a", 1, 1, "first"));
        writer.await(() -> writer.changes().size() == 1);
        assertThat(names()).containsExactly("first");
    }

    @Test
    void mergesWhatWaitsToTheNewestPerRow() throws Exception {
        TestingWriter writer = start();
        try (Lock lock = new Lock()) {
            writer.send(upsert("a", 1, 1, "in flight"));
            lock.awaitWaiter();
            for (int i = 2; i <= 50; i++) {
                writer.send(upsert("a", i, i, "name " + i));
            }
        }
        writer.await(() -> names().equals(List.of("name 50")));
        writer.await(() -> writer.changes().size() == 2);
    }

    @Test
    void writesALargeBatchOfATableBesideOneThatWaits() throws Exception {
        settings = patient(ReplicaWriterSettings.DEFAULT);
        int large = settings.mostRows() / Pace.BESIDE_SHARE;
        TestingWriter writer = start();
        try (Connection other = replica.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute(
                    "INSERT INTO rows (row_id, _version, _synced_at, data)"
                            + " VALUES ('a', '\\x00', now(), '{}')");
            writer.send(upsert("a", 1, 1, "in flight"));
            Awaitility.await()
                    .until(
                            () ->
                                    !replica.query("SELECT 1 FROM pg_locks WHERE NOT granted")
                                            .isEmpty());
            // It would wait for the one in flight, and everything else of its batch with it.
            writer.send(upsert("a", 2, 2, "later"));
            for (int i = 0; i < large; i++) {
                writer.send(upsert("key " + i, 1, i, "beside"));
            }
            writer.await(() -> writer.changes().size() == large);
            assertThat(names()).hasSize(large).containsOnly("beside");
            other.rollback();
        }
        writer.await(() -> names().contains("later"));
        writer.await(() -> writer.changes().size() == large + 2);
        assertThat(names()).hasSize(large + 1);
    }

    @Test
    void hasNothingLeftAfterABarrierWhenTheDatabaseAnswers() throws Exception {
        settings = patient(settings);
        TestingWriter writer = start();
        for (int i = 0; i < 500; i++) {
            writer.send(upsert("key " + i, 1, i, "n"));
        }
        writer.prepareSnapshotPreBarrier(1);
        assertThat(writer.changes()).hasSize(500);
    }

    @Test
    void keepsUnwrittenRowsOverARestore() throws Exception {
        replica.server().stop();
        TestingWriter before = start();
        for (int i = 0; i < 20; i++) {
            before.send(upsert("key " + i, 1, i, "older"));
            before.send(upsert("key " + i, 2, 100 + i, "newest"));
        }
        OperatorSubtaskState snapshot = before.checkpoint(1);
        assertThat(before.changes()).isEmpty();
        before.close();
        replica.server().start();

        TestingWriter after = restore(snapshot);
        after.await(() -> after.changes().size() == 20);
        assertThat(names()).hasSize(20).containsOnly("newest");
    }

    @Test
    void keepsUnwrittenRowsUnderTheirOwnKeysWhenTheParallelismChanges() throws Exception {
        settings = patient(settings);
        replica.server().stop();
        TestingWriter before = TestingWriter.startSharded(settings, control(), keysets.toString());
        open.add(before);
        for (int i = 0; i < 40; i++) {
            before.send(upsert("key " + i, 1, i, "n"));
        }
        OperatorSubtaskState snapshot = before.checkpoint(1);
        before.close();
        replica.server().start();

        List<TestingWriter> parts = new ArrayList<>();
        for (int subtask = 0; subtask < 3; subtask++) {
            TestingWriter part =
                    TestingWriter.restore(
                            settings,
                            List.of(),
                            keysets.toString(),
                            TestingWriter.repartitionOperatorState(
                                    snapshot, TestingWriter.MAX_PARALLELISM, 1, 3, subtask),
                            3,
                            subtask);
            open.add(part);
            parts.add(part);
        }
        List<Integer> changes = new ArrayList<>();
        for (TestingWriter part : parts) {
            part.prepareSnapshotPreBarrier(1);
            changes.add(part.changes().size());
        }
        assertThat(changes).allMatch(count -> count < 40);
        assertThat(changes.stream().mapToInt(Integer::intValue).sum()).isEqualTo(40);
        assertThat(names()).hasSize(40);
    }

    @Test
    void doesNotLetABarrierWaitForADatabaseThatHangs() throws Exception {
        TestingWriter writer = start();
        OperatorSubtaskState snapshot;
        try (Lock lock = new Lock()) {
            writer.send(upsert("a", 1, 1, "hanging"));
            lock.awaitWaiter();
            long start = System.nanoTime();
            snapshot = writer.checkpoint(1);
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isLessThan(Duration.ofMillis(1_000));
            writer.close();
        }
        TestingWriter after = restore(snapshot);
        after.await(() -> after.changes().size() == 1);
        assertThat(names()).containsExactly("hanging");
    }

    @Test
    void forgetsRowsThatWereWrittenAfterTheBarrierThatKeptThem() throws Exception {
        TestingWriter writer = start();
        try (Lock lock = new Lock()) {
            writer.send(upsert("a", 1, 1, "slow"));
            lock.awaitWaiter();
            writer.checkpoint(1);
        }
        writer.await(() -> writer.changes().size() == 1);
        OperatorSubtaskState later = writer.checkpoint(2);
        writer.close();
        replica.execute("DELETE FROM rows");

        TestingWriter after = restore(later);
        after.send(upsert("b", 1, 2, "marker"));
        after.await(() -> after.changes().size() == 1);
        assertThat(names()).containsExactly("marker");
    }

    @Test
    void keepsWhatWaitsForCompanyOverARestore() throws Exception {
        TestingWriter before = start();
        long late = (System.currentTimeMillis() - 60_000) * 1_000;
        for (int i = 0; i < 15; i++) {
            before.send(receivedAt(upsert("large " + i, 1, i, "x".repeat(100_000)), late));
        }
        before.checkpoint(1);
        before.send(receivedAt(upsert("large 0", 2, 20, "newer"), late));
        before.send(receivedAt(upsert("small", 1, 21, "small"), late));
        OperatorSubtaskState snapshot = before.checkpoint(2);
        before.close();

        TestingWriter after = restore(snapshot);
        after.await(() -> names().size() == 16);
        assertThat(names()).contains("newer", "small");
        OperatorSubtaskState later = after.checkpoint(3);
        after.close();
        replica.execute("DELETE FROM rows");

        TestingWriter last = restore(later);
        last.send(upsert("b", 1, 30, "marker"));
        last.await(() -> last.changes().size() == 1);
        assertThat(names()).containsExactly("marker");
    }

    @Test
    void announcesAgainUnderTheSameIdWhatACrashRepeats() throws Exception {
        TestingWriter before = start();
        OperatorSubtaskState snapshot = before.checkpoint(1);
        before.send(upsert("a", 1, 1, "n"));
        before.await(() -> before.changes().size() == 1);
        RowChange first = before.changes().get(0);
        before.close();

        TestingWriter after = restore(snapshot);
        after.send(upsert("a", 1, 1, "n"));
        after.await(() -> after.changes().size() == 1);
        assertThat(after.changes().get(0).id()).isEqualTo(first.id());
        assertThat(after.changes().get(0).op()).isEqualTo(RowChange.Op.INSERT);
    }

    @Test
    void announcesAfterACrashWhatAnotherEventOfTheSameContentNowCovers() throws Exception {
        TestingWriter before = start();
        OperatorSubtaskState snapshot = before.checkpoint(1);
        before.send(upsert("a", 1, 1, "n"));
        before.await(() -> before.changes().size() == 1);
        RowChange lost = before.changes().get(0);
        before.close();

        TestingWriter after = restore(snapshot);
        after.send(upsert("a", 2, 2, "n"));
        after.await(() -> after.changes().size() == 1);
        assertThat(after.changes().get(0).id()).isEqualTo(lost.id());
    }

    @Test
    void saysNothingOfANewEventWithTheSameContent() throws Exception {
        settings = patient(settings);
        TestingWriter writer = start();
        long now = System.currentTimeMillis() * 1000 + 10_000_000;
        writer.send(receivedAt(upsert("a", 1, 1, "n"), now));
        writer.await(() -> writer.changes().size() == 1);
        writer.send(receivedAt(upsert("a", 2, 2, "n"), now));
        writer.send(receivedAt(upsert("a", 3, 3, "changed"), now));
        writer.await(() -> names().equals(List.of("changed")));
        writer.prepareSnapshotPreBarrier(1);
        assertThat(writer.changes()).hasSize(2);
    }

    @Test
    void putsARefusedRowAsideAndWritesTheOthers() throws Exception {
        TestingWriter writer = start();
        String[] cells = new String[1 + ColumnType.values().length];
        cells[1] = "no number";
        for (int i = 0; i < 30; i++) {
            RowUpdate row = upsert("key " + i, 1, i, "n");
            writer.send(i == 17 ? TestingRows.withCells(row, cells) : row);
        }
        writer.await(() -> writer.changes().size() == 29 && writer.deadLetters().size() == 1);
        assertThat(writer.deadLetters().get(0))
                .contains(
                        "\"reason\":\"REFUSED_BY_DATABASE\"",
                        "\"sql_state\":\"22P02\"",
                        "\"remote_key\":\"key 17\"",
                        "\"partition\":3",
                        "\"offset\":99")
                .doesNotContain("no number");
    }

    @Test
    void writesOtherOrganizationsWhileOneHasNoDatabase() throws Exception {
        OrganizationControl nowhere =
                organization(OTHER_ORGANIZATION, 1, "127.0.0.1", 1, replica.server().password());
        List<ControlRecord> control = new ArrayList<>(control());
        control.add(nowhere);
        control.add(integration(OTHER_ORGANIZATION, "svi_other", TABLE, 1, State.ACTIVE));
        TestingWriter writer = start(control);
        for (int i = 0; i < 200; i++) {
            writer.send(of(OTHER_ORGANIZATION, "svi_other", upsert("dead " + i, 1, i, "n")));
            writer.send(upsert("alive " + i, 1, i, "n"));
        }
        writer.await(() -> writer.changes().size() == 200);
        OperatorSubtaskState snapshot = writer.checkpoint(1);
        assertThat(writer.changes()).allMatch(change -> change.organization() == ORGANIZATION);
        writer.close();

        TestingWriter after = restore(snapshot);
        after.control(
                organization(
                        OTHER_ORGANIZATION,
                        2,
                        "127.0.0.1",
                        replica.server().port(),
                        replica.server().password()));
        after.await(() -> after.changes().size() == 200);
        assertThat(after.changes()).allMatch(change -> change.organization() == OTHER_ORGANIZATION);
    }

    @Test
    void parksRowsOfAMissingTableUntilControlChanges() throws Exception {
        settings = slowToRetry(settings);
        TestingWriter writer =
                start(
                        List.of(
                                definition(),
                                organization(1),
                                integration(
                                        ORGANIZATION, INTEGRATION, "missing", 1, State.ACTIVE)));
        writer.send(upsert("a", 1, 1, "n"));
        writer.checkpoint(1);
        assertThat(names()).isEmpty();
        writer.control(integration(ORGANIZATION, INTEGRATION, TABLE, 2, State.ACTIVE));
        writer.await(() -> writer.changes().size() == 1);
    }

    @Test
    void parksRowsOfARefusedLoginUntilControlChanges() throws Exception {
        settings = slowToRetry(settings);
        OrganizationControl wrong =
                organization(
                        ORGANIZATION, 1, "127.0.0.1", replica.server().port(), "wrong password");
        TestingWriter writer = start(List.of(definition(), wrong, integration(1)));
        writer.send(upsert("a", 1, 1, "n"));
        writer.checkpoint(1);
        assertThat(writer.changes()).isEmpty();
        writer.control(organization(2));
        writer.await(() -> writer.changes().size() == 1);
    }

    @Test
    void deletesForGoodWhereTheIntegrationSaysSo() throws Exception {
        replica.execute(TableSql.createTombstones(SERVICE, TestingReplica.SCHEMA, TABLE));
        IntegrationControl soft = integration(1);
        TestingWriter writer =
                start(
                        List.of(
                                definition(),
                                organization(1),
                                new IntegrationControl(
                                        soft.id(),
                                        soft.organization(),
                                        1,
                                        State.ACTIVE,
                                        soft.service(),
                                        soft.definition(),
                                        soft.table(),
                                        null,
                                        soft.verificationMode(),
                                        1,
                                        IntegrationControl.Deletion.HARD)));
        writer.send(upsert("a", 1, 1, "n"));
        writer.await(() -> names().size() == 1);
        writer.send(TestingRows.deleteByKey("a", 2, 2));
        writer.await(() -> names().isEmpty() && writer.changes().size() == 2);
        assertThat(writer.changes().get(1).op()).isEqualTo(RowChange.Op.DELETE);
    }

    @Test
    void waitsForControlItHasNotSeen() throws Exception {
        TestingWriter writer = start(List.of());
        writer.send(upsert("a", 1, 1, "n"));
        writer.checkpoint(1);
        writer.control(organization(1));
        writer.control(definition());
        assertThat(writer.changes()).isEmpty();
        writer.control(integration(1));
        writer.await(() -> writer.changes().size() == 1);
    }

    @Test
    void dropsRowsOfADeletedIntegrationAndTheirState() throws Exception {
        replica.server().stop();
        TestingWriter writer = start();
        writer.send(upsert("a", 1, 1, "n"));
        writer.checkpoint(1);
        writer.control(integration(ORGANIZATION, INTEGRATION, TABLE, 2, State.DELETED));
        OperatorSubtaskState snapshot = writer.checkpoint(2);
        writer.close();
        replica.server().start();

        List<ControlRecord> control = new ArrayList<>(control());
        TestingWriter after = restore(snapshot);
        for (ControlRecord record : control) {
            after.control(record);
        }
        after.control(integration(ORGANIZATION, INTEGRATION, TABLE, 3, State.ACTIVE));
        after.send(upsert("b", 1, 2, "marker"));
        after.await(() -> after.changes().size() == 1);
        assertThat(names()).containsExactly("marker");
    }

    @Test
    void parksWhatAHangingDatabaseKeepsOutOfHeapAndHoldsUpNobody() throws Exception {
        settings = withHeap(settings, 20_000);
        List<ControlRecord> control = new ArrayList<>(control());
        control.add(
                organization(
                        OTHER_ORGANIZATION,
                        1,
                        "127.0.0.1",
                        replica.server().port(),
                        replica.server().password()));
        control.add(integration(OTHER_ORGANIZATION, "svi_other", "other_rows", 1, State.ACTIVE));
        replica.createTable(SERVICE, "other_rows");
        TestingWriter writer = start(control);
        try (Lock lock = new Lock()) {
            writer.send(upsert("first", 1, 1, "n"));
            lock.awaitWaiter();
            long start = System.nanoTime();
            for (int i = 0; i < 1_000; i++) {
                writer.send(upsert("key " + i, 1, i, "n"));
            }
            writer.send(of(OTHER_ORGANIZATION, "svi_other", upsert("other", 1, 1, "n")));
            writer.await(() -> writer.changes().size() == 1);
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isLessThan(Duration.ofSeconds(4));
        }
        writer.await(() -> writer.changes().size() == 1_002);
        assertThat(names()).hasSize(1_001);
    }

    @Test
    void doesNotTryAMissingTableForEveryRow() throws Exception {
        settings = slowToRetry(settings);
        replica.execute("DROP TABLE IF EXISTS rows_later");
        TestingWriter writer =
                start(
                        List.of(
                                definition(),
                                organization(1),
                                integration(
                                        ORGANIZATION, INTEGRATION, "rows_later", 1, State.ACTIVE)));
        writer.send(upsert("a", 1, 1, "n"));
        writer.checkpoint(1);
        replica.createTable(SERVICE, "rows_later");
        writer.send(upsert("a", 2, 2, "n"));
        writer.checkpoint(2);
        writer.checkpoint(3);
        assertThat(writer.changes()).isEmpty();
    }

    @Test
    void writesOtherTablesWhileOneIsLocked() throws Exception {
        replica.createTable(SERVICE, "free_rows");
        List<ControlRecord> control = new ArrayList<>(control());
        control.add(integration(ORGANIZATION, "svi_free", "free_rows", 1, State.ACTIVE));
        TestingWriter writer = start(control);
        try (Lock lock = new Lock()) {
            writer.send(upsert("a", 1, 1, "n"));
            lock.awaitWaiter();
            writer.await(() -> replica.query(Lock.WAITERS).isEmpty());
            writer.send(of(ORGANIZATION, "svi_free", upsert("b", 1, 2, "n")));
            writer.await(() -> writer.changes().size() == 1);
            assertThat(writer.changes().get(0).table()).isEqualTo("free_rows");
        }
        writer.await(() -> writer.changes().size() == 2);
    }

    @Test
    void writesEverythingBeforeTheInputEnds() throws Exception {
        TestingWriter writer = start();
        for (int i = 0; i < 100; i++) {
            writer.send(upsert("key " + i, 1, i, "n"));
        }
        writer.finish();
        assertThat(writer.changes()).hasSize(100);
    }

    @Test
    void refusesToEndWithRowsItCouldNotWrite() throws Exception {
        replica.server().stop();
        TestingWriter writer = start();
        writer.send(upsert("a", 1, 1, "n"));
        assertThatThrownBy(writer::finish)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("[" + ORGANIZATION + "]");
    }

    private TestingWriter start() throws Exception {
        return start(control());
    }

    private TestingWriter start(List<ControlRecord> control) throws Exception {
        TestingWriter writer = TestingWriter.start(settings, control, keysets.toString());
        open.add(writer);
        return writer;
    }

    private TestingWriter restore(OperatorSubtaskState snapshot) throws Exception {
        TestingWriter writer =
                TestingWriter.restore(settings, List.of(), keysets.toString(), snapshot, 1, 0);
        open.add(writer);
        return writer;
    }

    private static List<ControlRecord> control() {
        return List.of(definition(), organization(1), integration(1));
    }

    private static DefinitionControl definition() {
        return new DefinitionControl("definition", SERVICE);
    }

    private static OrganizationControl organization(long revision) {
        return organization(
                ORGANIZATION,
                revision,
                "127.0.0.1",
                replica.server().port(),
                replica.server().password());
    }

    private static OrganizationControl organization(
            long id, long revision, String host, int port, String password) {
        return new OrganizationControl(
                id,
                "org",
                revision,
                State.ACTIVE,
                new OrganizationControl.Database(
                        host,
                        port,
                        "postgres",
                        TestingReplica.SCHEMA,
                        replica.server().superuser(),
                        keysetFolder
                                .connectionsSealer()
                                .seal(password, OrganizationControl.ownerPasswordContext(id)),
                        1));
    }

    private static IntegrationControl integration(long revision) {
        return integration(ORGANIZATION, INTEGRATION, TABLE, revision, State.ACTIVE);
    }

    private static IntegrationControl integration(
            long organization, String id, String table, long revision, State state) {
        return new IntegrationControl(
                id,
                organization,
                revision,
                state,
                SERVICE.name(),
                "definition",
                table,
                null,
                IntegrationControl.VerificationMode.SKIP,
                1);
    }

    private static RowUpdate of(long organization, String integration, RowUpdate row) {
        return new RowUpdate(
                organization,
                integration,
                row.epoch(),
                row.definition(),
                row.key(),
                row.version(),
                row.operation(),
                row.contentHash(),
                row.deliveryHash(),
                row.receivedAtMicros(),
                row.cells(),
                row.data());
    }

    private static ReplicaWriterSettings quick(ReplicaWriterSettings s) {
        return changed(s, s.heapPerOrganization(), Duration.ofMillis(50), Duration.ofMillis(200));
    }

    private static ReplicaWriterSettings slowToRetry(ReplicaWriterSettings s) {
        return changed(s, s.heapPerOrganization(), Duration.ofHours(1), Duration.ofHours(1));
    }

    private static ReplicaWriterSettings withHeap(ReplicaWriterSettings s, long bytes) {
        return changed(s, bytes, s.firstRetry(), s.longestRetry());
    }

    /** For machines that are busy with something else. */
    private static ReplicaWriterSettings patient(ReplicaWriterSettings s) {
        return new ReplicaWriterSettings(
                s.longestLinger(),
                s.mostRows(),
                s.mostBatchBytes(),
                s.heapPerOrganization(),
                s.heapPerSubtask(),
                s.threads(),
                s.threadsForSlow(),
                s.threadsForProbes(),
                s.batchesPerOrganization(),
                Duration.ofSeconds(10),
                s.firstRetry(),
                s.longestRetry(),
                Duration.ofSeconds(10),
                s.drainLimit(),
                s.repetitionGrace(),
                s.mostChangeBytes(),
                s.connections());
    }

    private static ReplicaWriterSettings changed(
            ReplicaWriterSettings s, long heap, Duration firstRetry, Duration longestRetry) {
        return new ReplicaWriterSettings(
                s.longestLinger(),
                s.mostRows(),
                s.mostBatchBytes(),
                heap,
                s.heapPerSubtask(),
                s.threads(),
                s.threadsForSlow(),
                s.threadsForProbes(),
                s.batchesPerOrganization(),
                s.slow(),
                firstRetry,
                longestRetry,
                s.barrierWait(),
                Duration.ofSeconds(3),
                s.repetitionGrace(),
                s.mostChangeBytes(),
                new ConnectionTimeouts(
                        s.connections().connect(),
                        s.connections().login(),
                        s.connections().socket(),
                        s.connections().statement(),
                        Duration.ofSeconds(2),
                        s.connections().idle()));
    }

    private static List<String> names() {
        return replica.query("SELECT name FROM rows ORDER BY row_id").stream()
                .map(row -> row.get("name"))
                .toList();
    }

    /** Keeps writers of the table waiting. */
    private static final class Lock implements AutoCloseable {
        static final String WAITERS =
                "SELECT 1 FROM pg_locks l JOIN pg_class c ON c.oid = l.relation"
                        + " WHERE c.relname = 'rows' AND NOT granted";

        private final Connection connection;

        Lock() throws SQLException {
            connection = replica.connect();
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("LOCK TABLE rows IN SHARE MODE");
            }
        }

        void awaitWaiter() {
            Awaitility.await().until(() -> !replica.query(WAITERS).isEmpty());
        }

        @Override
        public void close() throws SQLException {
            connection.rollback();
            connection.close();
        }
    }
}
