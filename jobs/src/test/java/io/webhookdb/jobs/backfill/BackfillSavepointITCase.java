package io.webhookdb.jobs.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.jobs.KeptSavepoint;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.control.BackfillControl.Children;
import io.webhookdb.schemas.control.BackfillControl.Extent;
import io.webhookdb.schemas.control.ControlHeartbeat;
import io.webhookdb.schemas.status.BackfillProgress;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a release has written, this build reads and goes on with. */
@Timeout(180)
class BackfillSavepointITCase {
    @RegisterExtension
    static final MiniClusterExtension FLINK =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(4)
                            .build());

    private static final KeptSavepoint KEPT = KeptSavepoint.of("backfill");
    private static final ServiceDefinition CHARGES =
            TestingBackfill.CATALOG.service("stripe_charge_v1").orElseThrow();
    private static final String RUN = "bfj_1";
    private static final int ITEMS = 2_000;

    @TempDir Path directory;

    @Test
    void goesOnFromTheCursorThatAReleaseHadReached() throws Exception {
        if (KeptSavepoint.isToBeMade()) {
            make();
        }
        Path here = directory.resolve("restored");
        // What the kept state has sealed opens with the keys of then only.
        KEPT.copyTo(here.resolve("keysets"), "keyset-");
        try (TestingBackfill system = new TestingBackfill(here);
                TestingVendor vendor = vendor()) {
            // The kept job has read some records of control; what comes must lie behind them.
            for (int i = 0; i < 20; i++) {
                system.publish(new ControlHeartbeat(i));
            }
            system.organization(1);
            system.integration(1, "svi_1", CHARGES, 2, null);
            system.start(TestingBackfill.settings(vendor.url()), KEPT.uri(), 2);

            soon(system)
                    .untilAsserted(
                            () -> {
                                BackfillProgress report = system.report(RUN);
                                assertThat(report).isNotNull();
                                assertThat(report.state())
                                        .isEqualTo(BackfillProgress.State.FINISHED);
                            });
            assertThat(vendor.calls()).hasSizeLessThan(ITEMS / 100);
            assertThat(vendor.calls().get(0).query()).containsKey("starting_after");
            assertThat(system.report(RUN).items()).isGreaterThanOrEqualTo(ITEMS);
        }
    }

    /** Five of twenty pages are fetched. */
    private void make() throws Exception {
        Path here = directory.resolve("made");
        try (TestingBackfill system = new TestingBackfill(here);
                TestingVendor vendor = vendor()) {
            vendor.beSlow(Duration.ofMillis(500));
            system.organization(1);
            system.integration(1, "svi_1", CHARGES);
            system.order(RUN, 1, "svi_1", Extent.FULL, Children.LEFT_OUT);
            system.start(TestingBackfill.settings(vendor.url()), null, 2);
            soon(system).until(() -> vendor.calls().size() >= 5);
            KEPT.keep(system.savepoint());
            KEPT.keepAll(here.resolve("keysets"), "keyset-");
        }
    }

    private static TestingVendor vendor() throws Exception {
        TestingVendor vendor = new TestingVendor();
        vendor.list("/v1/charges", CHARGES.backfill(), TestingVendor.charges(ITEMS), 100);
        return vendor;
    }

    private static ConditionFactory soon(TestingBackfill system) {
        return Awaitility.await()
                .failFast(system::checkRunning)
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(100))
                .ignoreExceptions();
    }
}
