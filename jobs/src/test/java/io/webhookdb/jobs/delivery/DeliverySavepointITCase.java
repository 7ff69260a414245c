package io.webhookdb.jobs.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.webhookdb.jobs.KeptSavepoint;
import io.webhookdb.schemas.control.ControlHeartbeat;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.SubscriptionControl;
import io.webhookdb.schemas.control.SubscriptionControl.Delivery;
import io.webhookdb.schemas.control.SubscriptionControl.Ordering;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a release has written, this build reads and goes on with. */
@Timeout(180)
class DeliverySavepointITCase {
    @RegisterExtension
    static final MiniClusterExtension FLINK =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(2)
                            .build());

    private static final KeptSavepoint KEPT = KeptSavepoint.of("delivery");
    private static final String SCHEDULE = "3s,3s,3s,3s,3s,3s,3s,3s,3s";
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Map<String, Ordering> SUBSCRIPTIONS =
            Map.of("whs_1", Ordering.PARALLEL, "whs_2", Ordering.ORDERED);

    @TempDir Path directory;

    @Test
    void deliversWhatAReleaseHadBeenUnableToDeliver() throws Exception {
        if (KeptSavepoint.isToBeMade()) {
            make();
        }
        try (TestingDelivery system = new TestingDelivery(directory.resolve("restored"));
                TestingReceiver receiver = new TestingReceiver()) {
            for (int i = 0; i < 20; i++) {
                system.publish(new ControlHeartbeat(i));
                // The kept job has read some; what comes must lie behind them.
                system.change("skipped" + i, 6, "svi_2", "cus_" + i);
            }
            SUBSCRIPTIONS.forEach(
                    (id, ordering) ->
                            system.publish(
                                    TestingDelivery.changed(
                                            subscription(system, receiver, id, ordering),
                                            State.ACTIVE,
                                            Delivery.SEND,
                                            0)));
            JobClient job = system.start(SCHEDULE, KEPT.uri());

            await().atMost(LIMIT).until(() -> receiver.received().size() >= 4);
            assertThat(receiver.ids()).containsExactlyInAnyOrder("c1", "c1", "c2", "c2");
            assertThat(receiver.received())
                    .allMatch(one -> Integer.parseInt(one.attempt()) > 1);
            system.change("c3", 5, "svi_1", "cus_1");
            await().atMost(LIMIT).until(() -> receiver.received().size() >= 6);
            assertThat(receiver.ids().subList(4, 6)).containsExactly("c3", "c3");
            job.cancel().get();
        }
    }

    /** Two changes were refused by two subscriptions' receiver once and wait for the next attempt. */
    private void make() throws Exception {
        try (TestingDelivery system = new TestingDelivery(directory.resolve("made"));
                TestingReceiver receiver = new TestingReceiver()) {
            receiver.answers(one -> 503);
            SUBSCRIPTIONS.forEach(
                    (id, ordering) ->
                            system.publish(subscription(system, receiver, id, ordering)));
            JobClient job = system.start(SCHEDULE, null);
            system.change("c1", 5, "svi_1", "cus_1");
            system.change("c2", 5, "svi_1", "cus_2");
            await().atMost(LIMIT).until(() -> receiver.received().size() >= 4);
            KEPT.keep(system.stopWithSavepoint(job));
        }
    }

    private static SubscriptionControl subscription(
            TestingDelivery system, TestingReceiver receiver, String id, Ordering ordering) {
        return system.subscription(id, 5, null, receiver.url(), ordering);
    }
}
