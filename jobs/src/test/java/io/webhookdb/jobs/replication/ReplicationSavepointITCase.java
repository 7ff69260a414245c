package io.webhookdb.jobs.replication;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.webhookdb.jobs.KeptSavepoint;
import io.webhookdb.schemas.Topics;
import io.webhookdb.schemas.control.ControlCodec;
import io.webhookdb.schemas.control.ControlHeartbeat;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.DefinitionControl;
import io.webhookdb.schemas.control.IntegrationControl;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a release has written, this build reads and goes on with. */
@Timeout(180)
class ReplicationSavepointITCase {
    @RegisterExtension
    static final MiniClusterExtension FLINK =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(4)
                            .build());

    private static final KeptSavepoint KEPT = KeptSavepoint.of("replication");
    private static final long SECOND = 1_700_000_000L;
    private static final String INTEGRATION = "svi_1";

    @TempDir Path directory;

    @Test
    void writesTheRowsThatAReleaseHadParkedAndRemembersTheOthers() throws Exception {
        if (KeptSavepoint.isToBeMade()) {
            make();
        }
        Path here = directory.resolve("restored");
        try (TestingSystem system = new TestingSystem(here)) {
            passTheOffsetsOfTheSavepoint(system);
            DefinitionControl definition =
                    (DefinitionControl) ControlCodec.decode(KEPT.read("definition.json"));
            system.createDatabase(1);
            system.createTable(1, "customers");
            system.publish(definition);
            system.publishOrganization(1, 2);
            system.publish(
                    new IntegrationControl(
                            INTEGRATION,
                            1,
                            2,
                            State.ACTIVE,
                            definition.definition().name(),
                            definition.hash(),
                            "customers",
                            null,
                            IntegrationControl.VerificationMode.SKIP,
                            1));
            TestingJob job = TestingJob.start(system.settings(), here, KEPT.uri(), 2);
            soon(job)
                    .untilAsserted(
                            () ->
                                    assertThat(customers(system))
                                            .containsExactlyInAnyOrder(
                                                    "cus_1 parked",
                                                    "cus_2 parked",
                                                    "cus_3 parked"));

            system.customer(INTEGRATION, "cus_4", SECOND - 1, "stale");
            system.customer(INTEGRATION, "cus_1", SECOND + 2, "newer");
            system.customer(INTEGRATION, "cus_5", SECOND, "first");
            soon(job).untilAsserted(() -> assertThat(committed(system)).isEqualTo(33));

            // cus_4 is known at a newer version than the stale event's, so it reached no database.
            soon(job)
                    .untilAsserted(
                            () ->
                                    assertThat(customers(system))
                                            .containsExactlyInAnyOrder(
                                                    "cus_1 newer",
                                                    "cus_2 parked",
                                                    "cus_3 parked",
                                                    "cus_5 first"));
            job.cancel();
        }
    }

    /** Four rows are written, the newer versions of three of them wait for their database. */
    private void make() throws Exception {
        Path here = directory.resolve("made");
        try (TestingSystem system = new TestingSystem(here)) {
            DefinitionControl definition =
                    new DefinitionControl(TestingSystem.CUSTOMERS.hash(), TestingSystem.CUSTOMERS);
            KEPT.write("definition.json", ControlCodec.encode(definition));
            system.createDatabase(1);
            system.createTable(1, "customers");
            system.publishDefinition();
            system.publishOrganization(1, 1);
            system.publishIntegration(1, INTEGRATION, "customers", 1, State.ACTIVE);
            TestingJob job = TestingJob.start(system.settings(), here);
            for (int i = 1; i <= 4; i++) {
                system.customer(INTEGRATION, "cus_" + i, SECOND, "first");
            }
            soon(job).untilAsserted(() -> assertThat(customers(system)).hasSize(4));
            system.postgres().stop();
            for (int i = 1; i <= 3; i++) {
                system.customer(INTEGRATION, "cus_" + i, SECOND + 1, "parked");
            }
            soon(job).untilAsserted(() -> assertThat(committed(system)).isEqualTo(7));
            KEPT.keep(job.savepoint(here));
            job.cancel();
            system.postgres().start();
        }
    }

    /** The kept job has read some records of each topic; what comes must lie behind them. */
    private static void passTheOffsetsOfTheSavepoint(TestingSystem system) {
        for (int i = 0; i < 10; i++) {
            system.publish(new ControlHeartbeat(i));
            for (int partition = 0; partition < 3; partition++) {
                system.send(
                        new ProducerRecord<>(
                                Topics.EVENTS, partition, null, "no event".getBytes(UTF_8)));
            }
        }
    }

    private static List<String> customers(TestingSystem system) {
        return system.column(
                TestingSystem.database(1), "SELECT stripe_id || ' ' || email FROM customers");
    }

    /** Events that a completed checkpoint covers. */
    private static long committed(TestingSystem system) throws Exception {
        try (Admin admin =
                Admin.create(
                        Map.of("bootstrap.servers", system.settings().kafka().bootstrapServers()))) {
            return admin
                    .listConsumerGroupOffsets(system.settings().groupId())
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .entrySet()
                    .stream()
                    .filter(entry -> entry.getKey().topic().equals(Topics.EVENTS))
                    .mapToLong(entry -> offset(entry.getValue()))
                    .sum();
        }
    }

    private static long offset(OffsetAndMetadata committed) {
        return committed == null ? 0 : committed.offset();
    }

    private static ConditionFactory soon(TestingJob job) {
        return await().failFast(job::checkRunning)
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptions();
    }
}
