package io.webhookdb.jobs.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.webhookdb.jobs.backfill.TestingVendor.Answer;
import io.webhookdb.jobs.backfill.TestingVendor.Trouble;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.control.BackfillControl.Children;
import io.webhookdb.schemas.control.BackfillControl.Extent;
import io.webhookdb.schemas.event.Event;
import io.webhookdb.schemas.event.Origin;
import io.webhookdb.schemas.status.BackfillProgress;
import io.webhookdb.schemas.status.BackfillProgress.State;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class BackfillJobITCase {
    @RegisterExtension
    static final MiniClusterExtension FLINK =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(4)
                            .build());

    private static final ServiceDefinition CHARGES =
            TestingBackfill.CATALOG.service("stripe_charge_v1").orElseThrow();

    @TempDir Path directory;
    private TestingBackfill system;
    private TestingVendor vendor;

    @BeforeEach
    void startAll() throws Exception {
        system = new TestingBackfill(directory);
        vendor = new TestingVendor();
    }

    @AfterEach
    void stopAll() throws Exception {
        system.close();
        vendor.close();
    }

    @Test
    void bringsEveryPageOfAListingAndReportsIt() throws Exception {
        vendor.list("/v1/charges", CHARGES.backfill(), TestingVendor.charges(950), 100);
        system.organization(1);
        system.integration(1, "svi_1", CHARGES);
        Instant before = Instant.now();
        system.order("bfj_1", 1, "svi_1", Extent.INCREMENTAL, Children.INCLUDED);
        start();

        ended("bfj_1", State.FINISHED);
        assertThat(ids()).containsExactlyElementsOf(ids(TestingVendor.charges(950)));
        BackfillProgress last = system.report("bfj_1");
        assertThat(last.pages()).isEqualTo(10);
        assertThat(last.items()).isEqualTo(950);
        assertThat(system.reports("bfj_1"))
                .extracting(BackfillProgress::state)
                .startsWith(State.QUEUED, State.RUNNING)
                .endsWith(State.FINISHED);
        Event event = system.events().get(0);
        assertThat(event.integration()).isEqualTo("svi_1");
        assertThat(event.origin()).isEqualTo(Origin.BACKFILL);
        assertThat(event.receivedAtMicros())
                .isBetween(
                        before.minusSeconds(2).toEpochMilli() * 1000,
                        Instant.now().toEpochMilli() * 1000);
        assertThat(vendor.calls()).hasSize(10);
        assertThat(vendor.calls().get(0).query()).containsEntry("limit", "100");
        assertThat(vendor.calls().get(0).headers().get("authorization"))
                .isEqualTo(
                        "Basic "
                                + java.util.Base64.getEncoder()
                                        .encodeToString((TestingBackfill.KEY + "1:").getBytes()));
    }

    @Test
    void failsWithTheVendorsWordsWhenCredentialsAreRefused() throws Exception {
        vendor.on(
                "/v1/charges",
                call ->
                        Answer.of(
                                401,
                                "{\"error\":{\"message\":\"Invalid API Key provided: "
                                        + TestingBackfill.KEY
                                        + "1\"}}"));
        system.organization(1);
        system.integration(1, "svi_1", CHARGES);
        system.order("bfj_1", 1, "svi_1", Extent.FULL, Children.LEFT_OUT);
        start();

        ended("bfj_1", State.FAILED);
        assertThat(system.report("bfj_1").failure())
                .contains("401")
                .contains("Invalid API Key provided: ***")
                .doesNotContain(TestingBackfill.KEY);
        assertThat(vendor.calls()).hasSize(1);
    }

    @Test
    void goesOnFromItsCursorAfterEveryKindOfTrouble() throws Exception {
        vendor.list("/v1/charges", CHARGES.backfill(), TestingVendor.charges(350), 100);
        vendor.trouble(Trouble.status(429, "Retry-After", "1"));
        vendor.trouble(Trouble.status(500, null, null));
        vendor.trouble(Trouble.reset());
        system.organization(1);
        system.integration(1, "svi_1", CHARGES);
        system.order("bfj_1", 1, "svi_1", Extent.FULL, Children.LEFT_OUT);
        Instant before = Instant.now();
        start();

        ended("bfj_1", State.FINISHED);
        assertThat(ids()).containsExactlyElementsOf(ids(TestingVendor.charges(350)));
        assertThat(system.reports("bfj_1"))
                .anySatisfy(
                        report -> {
                            assertThat(report.state()).isEqualTo(State.WAITING_FOR_VENDOR);
                            assertThat(report.failure()).contains("429").contains("Trouble here");
                        });
        assertThat(Duration.between(before, Instant.now())).isGreaterThan(Duration.ofSeconds(1));
        assertThat(vendor.calls()).hasSize(7);
    }

    private void start() throws Exception {
        system.start(TestingBackfill.settings(vendor.url()), null, 2);
    }

    private void ended(String run, State state) {
        soon().untilAsserted(
                        () -> {
                            BackfillProgress report = system.report(run);
                            assertThat(report).isNotNull();
                            assertThat(report.state()).as(report.toString()).isEqualTo(state);
                        });
    }

    private List<String> ids() throws Exception {
        List<String> ids = new java.util.ArrayList<>();
        for (Event event : system.events()) {
            ids.add(TestingVendor.JSON.readTree(event.body()).get("id").asText());
        }
        return ids;
    }

    private static List<String> ids(List<ObjectNode> items) {
        return items.stream().map(item -> item.get("id").asText()).toList();
    }

    private ConditionFactory soon() {
        return await().failFast(system::checkRunning)
                .atMost(Duration.ofSeconds(40))
                .pollInterval(Duration.ofMillis(100));
    }
}
