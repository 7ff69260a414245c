package io.webhookdb.connectors.replica;

import static io.webhookdb.connectors.replica.TestingRows.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.embedded.EmbeddedPostgresServer;
import io.webhookdb.schemas.catalog.ColumnType;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.control.ControlRecord;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.DefinitionControl;
import io.webhookdb.schemas.control.IntegrationControl;
import io.webhookdb.schemas.control.OrganizationControl;
import io.webhookdb.schemas.control.OrganizationControl.Writing;
import io.webhookdb.schemas.row.RowUpdate;
import io.webhookdb.schemas.row.TableSql;
import io.webhookdb.schemas.status.EpochReached;
import io.webhookdb.schemas.status.StatusCodec;
import io.webhookdb.security.keyset.KeysetFolder;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the writer does while an organization is between two databases. */
class HeldWritesITCase {
    private static final ServiceDefinition SERVICE = TestingRows.service(ColumnType.TEXT);
    private static final RowUpdate FIRST = upsert("a", 1, 1, "before");
    private static final long ORGANIZATION = FIRST.organization();
    private static final String TABLE = "held";

    @TempDir Path keysets;
    private KeysetFolder folder;
    private TestingReplica replica;
    private TestingWriter writer;

    @BeforeEach
    void start() throws Exception {
        folder = KeysetFolder.openOrGenerate(keysets);
        replica = TestingReplica.start();
        replica.createTable(SERVICE, TABLE);
        replica.execute("CREATE DATABASE other");
        writer =
                TestingWriter.start(
                        ReplicaWriterSettings.DEFAULT,
                        List.of(
                                new DefinitionControl(FIRST.definition(), SERVICE),
                                organization(1, "postgres", 1, Writing.ON),
                                integration()),
                        keysets.toString());
    }

    @AfterEach
    void stop() throws Exception {
        writer.close();
        replica.close();
    }

    @Test
    void reportsOnlyOnceNothingIsOnItsWayAndWritesToTheNewDatabaseWhatCameMeanwhile()
            throws Exception {
        try (Connection lock = replica.connect();
                Statement statement = lock.createStatement()) {
            lock.setAutoCommit(false);
            statement.execute("LOCK TABLE " + TABLE);
            writer.send(FIRST);
            writer.await(this::someoneWaitsForTheTable);
            writer.control(organization(2, "postgres", 2, Writing.HELD));
            writer.send(upsert("b", 2, 2, "meanwhile"));
            assertThat(reports()).isEmpty();
            lock.rollback();
        }
        writer.await(() -> !reports().isEmpty());
        assertThat(reports().get(0).epoch()).isEqualTo(2);
        assertThat(reports().get(0).subtasks()).isEqualTo(1);
        assertThat(rows(replica)).containsExactly(Map.of("name", "before"));

        try (Connection other = connectOther();
                Statement statement = other.createStatement()) {
            statement.execute(
                    TableSql.createTable(
                            SERVICE, TestingReplica.SCHEMA, TABLE));
            writer.control(organization(3, "other", 2, Writing.ON));
            writer.await(() -> writer.changes().size() == 2);
            try (var row = statement.executeQuery("SELECT name FROM " + TABLE)) {
                assertThat(row.next()).isTrue();
                assertThat(row.getString(1)).isEqualTo("meanwhile");
            }
        }
        assertThat(rows(replica)).containsExactly(Map.of("name", "before"));
    }

    @Test
    void reportsAgainAfterARestoreAndKeepsTheRowsThatWait() throws Exception {
        writer.control(organization(2, "postgres", 2, Writing.HELD));
        writer.send(FIRST);
        OperatorSubtaskState snapshot = writer.checkpoint(1);
        writer.close();

        writer =
                TestingWriter.restore(
                        ReplicaWriterSettings.DEFAULT,
                        List.of(),
                        keysets.toString(),
                        snapshot,
                        1,
                        0);
        assertThat(reports()).hasSize(1);
        assertThat(rows(replica)).isEmpty();
        writer.control(organization(3, "postgres", 3, Writing.ON));
        writer.await(() -> writer.changes().size() == 1);
    }

    private List<EpochReached> reports() {
        return Optional.ofNullable(writer.getSideOutput(EpochReports.tag())).stream()
                .flatMap(queue -> queue.stream())
                .map(record -> (EpochReached) StatusCodec.decode(record.getValue().value()))
                .toList();
    }

    private boolean someoneWaitsForTheTable() {
        return !replica.query("SELECT 1 FROM pg_locks WHERE NOT granted").isEmpty();
    }

    private static List<Map<String, String>> rows(TestingReplica replica) {
        return replica.query("SELECT name FROM " + TABLE);
    }

    private Connection connectOther() throws Exception {
        EmbeddedPostgresServer server = replica.server();
        return DriverManager.getConnection(
                server.jdbcUrl("other"), server.superuser(), server.password());
    }

    private ControlRecord organization(long revision, String database, long epoch, Writing writing) {
        EmbeddedPostgresServer server = replica.server();
        return new OrganizationControl(
                ORGANIZATION,
                "org",
                revision,
                State.ACTIVE,
                new OrganizationControl.Database(
                        "127.0.0.1",
                        server.port(),
                        database,
                        TestingReplica.SCHEMA,
                        server.superuser(),
                        folder.connectionsSealer()
                                .seal(
                                        server.password(),
                                        OrganizationControl.ownerPasswordContext(ORGANIZATION)),
                        epoch),
                writing);
    }

    private static ControlRecord integration() {
        return new IntegrationControl(
                FIRST.integration(),
                ORGANIZATION,
                1,
                State.ACTIVE,
                SERVICE.name(),
                FIRST.definition(),
                TABLE,
                null,
                IntegrationControl.VerificationMode.SKIP,
                1);
    }
}
