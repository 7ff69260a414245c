package io.webhookdb.jobs.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.webhookdb.jobs.delivery.TestingReceiver.Received;
import io.webhookdb.schemas.change.ChangeFilter;
import io.webhookdb.schemas.change.ColumnCondition;
import io.webhookdb.schemas.change.RowForm;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.RecoveryControl;
import io.webhookdb.schemas.control.SubscriptionControl;
import io.webhookdb.schemas.control.SubscriptionControl.Delivery;
import io.webhookdb.schemas.control.SubscriptionControl.Ordering;
import io.webhookdb.schemas.control.SubscriptionSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

final class DeliveryJobITCase {
    @RegisterExtension
    static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(2)
                            .build());

    private static final Duration LIMIT = Duration.ofSeconds(40);

    @TempDir Path directory;
    private TestingDelivery system;
    private TestingReceiver receiver;
    private JobClient job;

    @BeforeEach
    void start() throws Exception {
        system = new TestingDelivery(directory);
        receiver = new TestingReceiver();
    }

    @AfterEach
    void stop() throws Exception {
        if (job != null && !job.getJobStatus().get().isGloballyTerminalState()) {
            job.cancel().get();
        }
        receiver.close();
        system.close();
    }

    private SubscriptionControl subscribe(String id, String integration, Ordering ordering) {
        SubscriptionControl subscription =
                system.subscription(id, 5, integration, receiver.url(), ordering);
        system.publish(subscription);
        return subscription;
    }

    private void awaitIds(String... ids) {
        await().atMost(LIMIT).untilAsserted(() -> assertThat(receiver.ids()).contains(ids));
    }

    @Test
    void deliversTheChangesOfItsOwnOrganizationUntilTheyAreTaken() throws Exception {
        system.integration("svi_1", 5);
        subscribe("whs_1", "svi_1", Ordering.PARALLEL);
        system.publish(system.subscription("whs_2", 6, "svi_1", receiver.url(), Ordering.PARALLEL));
        receiver.answers(one -> "3".equals(one.attempt()) ? 200 : 500);
        job = system.start("200ms,200ms,200ms,200ms", null);

        system.change("c1", 5, "svi_1", "cus_1");

        await().atMost(LIMIT).until(() -> system.reports().size() >= 3);
        assertThat(receiver.received())
                .extracting(Received::attempt)
                .containsExactly("1", "2", "3");
        Received last = receiver.received().get(2);
        assertThat(last.secret()).isEqualTo(TestingDelivery.SECRET);
        assertThat(last.body().get("external_id").textValue()).isEqualTo("cus_1");
        assertThat(last.body().get("external_id_column").textValue()).isEqualTo("stripe_id");
        assertThat(system.reports().get(0))
                .contains("\"kind\":\"delivery_attempt\"")
                .contains("\"outcome\":\"rejected\"", "\"status\":500", "\"next_at\":");
        assertThat(system.reports().get(2))
                .contains("\"outcome\":\"delivered\"", "\"attempt\":3")
                .doesNotContain("next_at");
        assertThat(String.join("", system.reports())).doesNotContain(TestingDelivery.SECRET);
    }

    @Test
    void losesNothingWhenItIsStoppedBetweenAttempts() throws Exception {
        subscribe("whs_1", null, Ordering.PARALLEL);
        subscribe("whs_2", null, Ordering.ORDERED);
        receiver.answers(one -> 503);
        job = system.start("3s,3s,3s,3s,3s,3s,3s", null);
        List<String> ids = IntStream.range(0, 20).mapToObj(i -> "c" + i).toList();
        ids.forEach(id -> system.change(id, 5, "svi_1", "cus_" + id));
        await().atMost(LIMIT).until(() -> receiver.received().size() >= 40);

        String savepoint = system.stopWithSavepoint(job);
        receiver.received().clear();
        receiver.answers(one -> 200);
        job = system.start("3s,3s,3s,3s,3s,3s,3s", savepoint);

        await().atMost(LIMIT).until(() -> receiver.received().size() >= 40);
        assertThat(receiver.ids()).containsAll(ids).hasSize(40);
        assertThat(receiver.received()).allMatch(one -> Integer.parseInt(one.attempt()) > 1);
    }

    /** The streams of changes and of control do not wait for each other. */
    @Test
    void knowsAfterARestartWhatCameAboutMeanwhile() throws Exception {
        subscribe("whs_1", null, Ordering.PARALLEL);
        job = system.start("3s", null);
        system.change("c1", 5, "svi_1", "cus_1");
        // Before it knows that c1 was taken, a savepoint would deliver it again.
        await().atMost(LIMIT).until(() -> !system.reports().isEmpty());
        String savepoint = system.stopWithSavepoint(job);

        SubscriptionControl added = subscribe("whs_2", null, Ordering.PARALLEL);
        system.publish(TestingDelivery.changed(added, State.ACTIVE, Delivery.SEND, 1));
        List<String> ids = IntStream.range(0, 200).mapToObj(i -> "later" + i).toList();
        ids.forEach(id -> system.changeSoon(id, 5, "svi_1", "cus_" + id));
        receiver.received().clear();
        job = system.start("3s", savepoint);

        await().atMost(LIMIT).until(() -> receiver.received().size() >= 401);
        assertThat(receiver.ids()).containsAll(ids).contains("test_whs_2_1").hasSize(401);
    }

    @Test
    void keepsARowsOrderWhileAnotherRowsChangesPass() throws Exception {
        subscribe("whs_1", null, Ordering.ORDERED);
        receiver.answers(
                one -> one.id().equals("a1") && Integer.parseInt(one.attempt()) < 3 ? 500 : 200);
        job = system.start("400ms,400ms,400ms", null);

        system.change("a1", 5, "svi_1", "cus_a");
        system.change("a2", 5, "svi_1", "cus_a");
        system.change("a3", 5, "svi_1", "cus_a");
        system.change("b1", 5, "svi_1", "cus_b");

        awaitIds("a3", "b1");
        assertThat(receiver.ids().stream().filter(id -> id.startsWith("a")))
                .containsExactly("a1", "a1", "a1", "a2", "a3");
        assertThat(receiver.ids().indexOf("b1")).isLessThan(receiver.ids().indexOf("a2"));
    }

    @Test
    void keepsWhatComesWhilePaused() throws Exception {
        SubscriptionControl subscription = subscribe("whs_1", null, Ordering.PARALLEL);
        SubscriptionControl paused =
                TestingDelivery.changed(subscription, State.ACTIVE, Delivery.PAUSE, 0);
        system.publish(paused);
        system.publish(system.subscription("whs_2", 7, null, receiver.url(), Ordering.PARALLEL));
        job = system.start("400ms", null);
        system.change("c1", 5, "svi_1", "cus_1");
        system.change("other", 7, "svi_7", "cus_1");
        awaitIds("other");
        assertThat(receiver.ids()).doesNotContain("c1");

        SubscriptionControl resumed =
                TestingDelivery.changed(paused, State.ACTIVE, Delivery.SEND, 0);
        system.publish(resumed);
        awaitIds("c1");
    }

    @Test
    void sendsNothingMoreOnceDeletedNotEvenWhatWaits() throws Exception {
        SubscriptionControl subscription = subscribe("whs_1", null, Ordering.PARALLEL);
        receiver.answers(one -> one.id().startsWith("waits") ? 500 : 200);
        job = system.start("3s,3s,3s", null);
        for (int i = 0; i < 10; i++) {
            system.change("waits" + i, 5, "svi_1", "cus_" + i);
        }
        await().atMost(LIMIT).until(() -> receiver.ids().size() == 10);

        system.publish(TestingDelivery.changed(subscription, State.DELETED, Delivery.SEND, 0));
        // Published after it, so who knows this one knows that the other has ended.
        system.publish(system.subscription("whs_2", 7, null, receiver.url(), Ordering.PARALLEL));
        List<String> probes = IntStream.range(0, 20).mapToObj(i -> "probe" + i).toList();
        await().atMost(LIMIT)
                .pollInterval(Duration.ofMillis(300))
                .until(
                        () -> {
                            probes.forEach(id -> system.change(id, 7, "svi_7", id));
                            return receiver.ids().containsAll(probes);
                        });
        for (int i = 0; i < 10; i++) {
            system.change("late" + i, 5, "svi_1", "cus_" + i);
        }

        await().during(Duration.ofSeconds(5))
                .atMost(LIMIT)
                .until(
                        () ->
                                receiver.ids().stream().noneMatch(id -> id.startsWith("late"))
                                        && receiver.ids().stream()
                                                        .filter(id -> id.startsWith("waits"))
                                                        .count()
                                                == 10);
    }

    @Test
    void sendsATestEventOnceForEachRequest() throws Exception {
        SubscriptionControl subscription = subscribe("whs_1", null, Ordering.PARALLEL);
        receiver.answers(one -> 500);
        job = system.start("100ms,100ms", null);
        system.change("c1", 5, "svi_1", "cus_1");
        awaitIds("c1");

        system.publish(TestingDelivery.changed(subscription, State.ACTIVE, Delivery.SEND, 1));

        awaitIds("test_whs_1_1");
        await().during(Duration.ofSeconds(1))
                .atMost(LIMIT)
                .until(
                        () ->
                                receiver.received().stream().filter(r -> r.test() != null).count()
                                        == 1);
        Received test =
                receiver.received().stream()
                        .filter(r -> r.test() != null)
                        .findFirst()
                        .orElseThrow();
        assertThat(test.test()).isEqualTo("1");
        assertThat(test.attempt()).isNull();
        assertThat(test.body().get("service_name").textValue()).isEqualTo("test service");
        assertThat(test.body().get("external_id").textValue()).matches("[0-9a-f]{12}");
    }

    @Test
    void sendsOnlyWhatTheFilterLetsThrough() throws Exception {
        SubscriptionControl subscription = subscribe("whs_1", null, Ordering.PARALLEL);
        system.publish(
                subscription.changed(
                        subscription.url(),
                        subscription.secretCiphertext(),
                        Ordering.PARALLEL,
                        settings("stripe_id in [\"cus_2\",\"cus_3\"]", 0)));
        job = system.start("400ms", null);

        system.change("c1", 5, "svi_1", "cus_1");
        system.change("c2", 5, "svi_1", "cus_2");
        system.change("c3", 5, "svi_1", "cus_3");

        awaitIds("c2", "c3");
        assertThat(receiver.ids()).doesNotContain("c1");
        assertThat(receiver.received().get(0).body().at("/row/data").isTextual()).isTrue();
    }

    @Test
    void keepsToTheRateThatIsAsked() throws Exception {
        SubscriptionControl subscription = subscribe("whs_1", null, Ordering.PARALLEL);
        system.publish(
                subscription.changed(
                        subscription.url(),
                        subscription.secretCiphertext(),
                        Ordering.PARALLEL,
                        settings("stripe_id not_null", 4)));
        job = system.start("400ms", null);
        system.change("first", 5, "svi_1", "cus");
        awaitIds("first");
        long start = System.nanoTime();
        List<String> ids = IntStream.range(0, 20).mapToObj(i -> "c" + i).toList();
        ids.forEach(id -> system.change(id, 5, "svi_1", id));

        awaitIds(ids.toArray(String[]::new));

        // 4 a second of two subtasks, each with a share of 2 at once.
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        assertThat(took).isGreaterThan(Duration.ofMillis(3500));
        assertThat(receiver.ids()).doesNotHaveDuplicates();
    }

    @Test
    void deliversAWindowOfTheChangeLogAgain() throws Exception {
        SubscriptionControl subscription = subscribe("whs_1", "svi_1", Ordering.PARALLEL);
        system.publish(TestingDelivery.changed(subscription, State.DELETED, Delivery.SEND, 0));
        system.change("before", 5, "svi_1", "cus_1");
        system.laterThan(system.lastChangeAt());
        long after = System.currentTimeMillis();
        List<String> ids = IntStream.range(0, 600).mapToObj(i -> "c" + i).toList();
        ids.forEach(id -> system.change(id, 5, "svi_1", id));
        system.change("other", 5, "svi_2", "cus_1");
        long before = system.lastChangeAt() + 1;
        SubscriptionControl whole = subscribe("whs_2", "svi_1", Ordering.PARALLEL);
        job = system.start("400ms", null);
        awaitIds("before");
        awaitIds(ids.toArray(String[]::new));
        receiver.received().clear();

        system.publish(
                new RecoveryControl("rcv_1", 5, 1, State.ACTIVE, whole.id(), null, after, before));

        awaitIds(ids.toArray(String[]::new));
        await().atMost(LIMIT)
                .until(
                        () ->
                                system.reports().stream()
                                        .anyMatch(
                                                report ->
                                                        report.contains("recovery_progress")
                                                                && report.contains(
                                                                        "\"state\":\"finished\"")
                                                                && report.contains(
                                                                        "\"sent\":600")));
        assertThat(receiver.ids()).doesNotContain("before", "other").doesNotHaveDuplicates();
    }

    @Test
    void keepsWhatComesAfterTheReceiverSaidThatItIsGone() throws Exception {
        SubscriptionControl subscription = subscribe("whs_1", null, Ordering.PARALLEL);
        receiver.answers(one -> 410);
        job = system.start("100ms,100ms", null);
        system.change("c1", 5, "svi_1", "cus_1");
        await().atMost(LIMIT).until(() -> system.reports().size() == 1);
        assertThat(system.reports().get(0)).contains("\"outcome\":\"gone\"");
        assertThat(receiver.received()).hasSize(1);

        String[] ids = IntStream.range(0, 8).mapToObj(i -> "d" + i).toArray(String[]::new);
        try (TestingReceiver other = new TestingReceiver()) {
            system.publish(system.subscription("whs_2", 5, null, other.url(), Ordering.PARALLEL));
            system.change("c2", 5, "svi_1", "cus_2");
            await().atMost(LIMIT).until(() -> other.ids().contains("c2"));
            for (String id : ids) {
                system.change(id, 5, "svi_1", id);
            }
            await().atMost(LIMIT).until(() -> other.ids().containsAll(List.of(ids)));
        }
        // Mended, and resumed.
        receiver.answers(one -> 200);
        system.publish(TestingDelivery.changed(subscription, State.ACTIVE, Delivery.SEND, 0));
        awaitIds(ids);
        assertThat(receiver.ids()).filteredOn("c1"::equals).hasSize(1);
    }

    private static SubscriptionSettings settings(String where, int rate) {
        return new SubscriptionSettings(
                new ChangeFilter(Set.of(), List.of(), List.of(ColumnCondition.parse(where))),
                RowForm.TEXT,
                rate,
                0,
                0,
                null,
                null,
                null);
    }
}
