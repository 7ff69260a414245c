package io.webhookdb.connectors.replica;

import static io.webhookdb.connectors.replica.TestingRows.sourced;
import static io.webhookdb.connectors.replica.TestingRows.upsert;
import static io.webhookdb.connectors.replica.TestingRows.withCells;
import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.connectors.replica.BatchOutcome.Refused;
import io.webhookdb.connectors.replica.BatchOutcome.Scope;
import io.webhookdb.schemas.catalog.ColumnType;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.control.IntegrationControl.Deletion;
import io.webhookdb.schemas.row.RowUpdate;
import io.webhookdb.security.outbound.OutboundPolicy;
import io.webhookdb.security.trace.Tracing;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BatchWriterITCase {
    private static final String TABLE = "rows";
    private static final ServiceDefinition SERVICE = TestingRows.service(ColumnType.TEXT);
    private static TestingReplica replica;

    private final ReplicaConnections connections =
            new ReplicaConnections(ConnectionTimeouts.DEFAULT, 2, 1, OutboundPolicy.parse(""));
    private final BatchWriter writer =
            new BatchWriter(
                    connections,
                    new ReplicaTargets((password, context) -> password),
                    new ChangeAnnouncer(0, 1_000_000),
                    Tracing.none());

    @BeforeAll
    static void start() {
        replica = TestingReplica.start();
    }

    @AfterAll
    static void stop() {
        replica.close();
    }

    @BeforeEach
    void createTable() {
        replica.createTable(SERVICE, TABLE);
    }

    @AfterEach
    void disconnect() {
        connections.close();
    }

    @Test
    void keepsTheConnectionOfABatchThatPassed() {
        assertThat(write(TABLE, upsert("a", 1, 1, "n")).failure()).isNull();
        assertThat(connections.open()).isEqualTo(1);
    }

    @Test
    void closesTheConnectionOfABatchThatFailed() {
        BatchOutcome outcome = write("missing", upsert("a", 1, 1, "n"));
        assertThat(outcome.failure().scope()).isEqualTo(Scope.TABLE);
        assertThat(outcome.unwritten()).hasSize(1);
        assertThat(connections.open()).isZero();
    }

    @Test
    void namesTheTypeAndNotTheValueThatDidNotFit() {
        for (String secret : List.of("se\"cret", "se: \"cret\" it is", "99999999999999999999")) {
            Refused refused = onlyRefused(withCells(upsert("a", 1, 1, "n"), cells(secret)));
            assertThat(refused.sqlState()).startsWith("22");
            assertThat(refused.message()).contains("bigint").doesNotContain("cret", "9999");
        }
    }

    @Test
    void namesTheConstraintAndNotTheRowThatBrokeIt() {
        replica.execute("ALTER TABLE rows ADD CONSTRAINT no_secrets CHECK (name <> 'secret')");
        replica.execute("ALTER TABLE rows ADD CONSTRAINT one_name UNIQUE (name)");
        Refused checked = onlyRefused(upsert("a", 1, 1, "secret"));
        assertThat(checked.sqlState()).isEqualTo("23514");
        assertThat(checked.message()).contains("no_secrets").doesNotContain("secret\"", "(");

        write(TABLE, upsert("a", 1, 1, "a name"));
        Refused doubled = onlyRefused(upsert("b", 1, 1, "a name"));
        assertThat(doubled.message()).contains("one_name").doesNotContain("a name");
    }

    @Test
    void keepsWhatATriggerSaysToItself() {
        replica.execute(
                "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
                        + " $$ BEGIN RAISE EXCEPTION 'no % here', NEW.name; END $$");
        replica.execute(
                "CREATE TRIGGER t BEFORE INSERT ON rows FOR EACH ROW EXECUTE FUNCTION refuse()");
        Refused refused = onlyRefused(upsert("a", 1, 1, "secret"));
        assertThat(refused.sqlState()).isEqualTo("P0001");
        assertThat(refused.message()).isNotBlank().doesNotContain("secret");
    }

    @Test
    void logsNoRowOfAnErrorInTheDriverEither() {
        assertThat(
                        replica.target()
                                .properties(ConnectionTimeouts.DEFAULT)
                                .getProperty("logServerErrorDetail"))
                .isEqualTo("false");
    }

    private Refused onlyRefused(RowUpdate row) {
        BatchOutcome outcome = write(TABLE, row);
        assertThat(outcome.refused()).hasSize(1);
        return outcome.refused().get(0);
    }

    private BatchOutcome write(String table, RowUpdate... rows) {
        return writer.write(
                new Batch(
                        replica.organization(TestingRows.ORGANIZATION, 1),
                        SERVICE,
                        table,
                        Deletion.TOMBSTONE,
                        Arrays.stream(rows).map(row -> sourced(row)).toList()));
    }

    private static String[] cells(String bigint) {
        String[] cells = new String[1 + ColumnType.values().length];
        cells[1] = bigint;
        return cells;
    }
}
