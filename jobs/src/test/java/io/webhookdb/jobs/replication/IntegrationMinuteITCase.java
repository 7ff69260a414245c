package io.webhookdb.jobs.replication;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.webhookdb.schemas.Topics;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.status.IntegrationMinute;
import io.webhookdb.schemas.status.StatusCodec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What the job says of each integration, as the control plane adds it up. */
@Timeout(180)
class IntegrationMinuteITCase {
    @RegisterExtension
    static final MiniClusterExtension FLINK =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(2)
                            .build());

    private static final long SECOND = 1_700_000_000L;

    @TempDir Path directory;

    @Test
    void tellsWhatBecameOfEachIntegrationsEvents() throws Exception {
        try (TestingSystem system = new TestingSystem(directory)) {
            prepare(system);
            TestingJob job = TestingJob.start(system.settings(), directory);
            try {
                system.customer("svi_1", "cus_1", SECOND + 5, "newest@example.com");
                await().atMost(Duration.ofSeconds(40)).until(() -> rows(system) == 1);
                system.customer("svi_1", "cus_1", SECOND + 4, "late@example.com");
                String body =
                        TestingSystem.customerBody(
                                "cus_2", SECOND, "twice@example.com", "customer.updated");
                system.event("svi_1", 1, body);
                system.event("svi_1", 1, body);
                system.event("svi_1", 1, "not json");
                await().atMost(Duration.ofSeconds(60))
                        .pollInterval(Duration.ofMillis(500))
                        .untilAsserted(
                                () -> {
                                    job.checkRunning();
                                    assertCounted(system, body.length());
                                });
            } finally {
                job.cancel();
            }
        }
    }

    private static void assertCounted(TestingSystem system, int bodyLength) {
        assertThat(sum(system, "svi_1", IntegrationMinute::received)).isEqualTo(5);
        assertThat(sum(system, "svi_1", IntegrationMinute::applied)).isEqualTo(2);
        assertThat(sum(system, "svi_1", IntegrationMinute::stale)).isEqualTo(1);
        assertThat(sum(system, "svi_1", IntegrationMinute::duplicate)).isEqualTo(1);
        assertThat(sum(system, "svi_1", IntegrationMinute::dead)).isEqualTo(1);
        assertThat(sum(system, "svi_1", IntegrationMinute::rejected)).isZero();
        assertThat(sum(system, "svi_1", IntegrationMinute::bytes)).isGreaterThan(4L * bodyLength);
        assertThat(latest(system, "svi_1"))
                .anySatisfy(
                        minute -> {
                            assertThat(minute.organization()).isEqualTo(1);
                            assertThat(minute.lastSyncedMicros()).isPositive();
                            assertThat(minute.latencyMaxMillis()).isBetween(1L, 40_000L);
                        });
        assertThat(latest(system, "svi_idle")).isEmpty();
    }

    private static void prepare(TestingSystem system) {
        system.publishDefinition();
        system.createDatabase(1);
        system.createTable(1, "customers");
        system.publishOrganization(1, 1);
        system.publishIntegration(1, "svi_1", "customers", 1, State.ACTIVE);
        system.publishIntegration(1, "svi_idle", "customers", 1, State.ACTIVE);
    }

    private static long rows(TestingSystem system) {
        return system.column(TestingSystem.database(1), "SELECT pk FROM customers").size();
    }

    private static long sum(
            TestingSystem system, String integration, ToLongFunction<IntegrationMinute> count) {
        return latest(system, integration).stream().mapToLong(count).sum();
    }

    /** The last report of each reporter and minute: as the record says, it replaces the others. */
    private static Collection<IntegrationMinute> latest(TestingSystem system, String integration) {
        Map<String, IntegrationMinute> latest = new HashMap<>();
        for (String json : system.records(Topics.STATUS)) {
            if (StatusCodec.decode(json.getBytes(UTF_8)) instanceof IntegrationMinute minute
                    && minute.integration().equals(integration)) {
                latest.put(minute.reporter() + " " + minute.minute(), minute);
            }
        }
        return latest.values();
    }
}
