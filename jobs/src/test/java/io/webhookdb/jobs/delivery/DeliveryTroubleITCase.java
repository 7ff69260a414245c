package io.webhookdb.jobs.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.webhookdb.jobs.delivery.TestingReceiver.Received;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.RecoveryControl;
import io.webhookdb.schemas.control.SubscriptionControl;
import io.webhookdb.schemas.control.SubscriptionControl.Delivery;
import io.webhookdb.schemas.control.SubscriptionControl.Ordering;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.InjectMiniCluster;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Deliveries while things break: the process that makes them, or some of the receivers. */
final class DeliveryTroubleITCase {
    @RegisterExtension
    static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(2)
                            .build());

    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final int ROWS = 10;

    /** {@code -Ddeliveries=50000} for the large form. */
    private static final int DELIVERIES = Integer.getInteger("deliveries", 2000);

    @TempDir Path directory;
    private final List<AutoCloseable> opened = new ArrayList<>();
    private TestingDelivery system;
    private JobClient job;

    @BeforeEach
    void start() throws Exception {
        system = new TestingDelivery(directory);
        opened.add(system);
    }

    @AfterEach
    void stop() throws Exception {
        if (job != null && !job.getJobStatus().get().isGloballyTerminalState()) {
            job.cancel().get();
        }
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
    }

    private TestingReceiver receiver() throws Exception {
        TestingReceiver receiver = new TestingReceiver();
        opened.add(receiver);
        return receiver;
    }

    @Test
    void deliversEveryChangeUnderItsOwnIdWhenTheProcessIsKilled(
            @InjectMiniCluster MiniCluster cluster) throws Exception {
        TestingReceiver receiver = receiver();
        system.publish(system.subscription("whs_1", 5, null, receiver.url(), Ordering.PARALLEL));
        system.publish(system.subscription("whs_2", 6, null, receiver.url(), Ordering.ORDERED));
        // Every tenth fails at first, so that retries are under way when it happens.
        receiver.answers(
                one -> one.id().endsWith("0") && Integer.parseInt(one.attempt()) == 1 ? 500 : 200);
        job = system.startResilient("1s,1s,1s,1s,1s,1s,1s,1s");
        Set<String> expected = new HashSet<>();
        for (int i = 0; i < DELIVERIES / 2; i++) {
            expected.add("p" + i);
            expected.add("o" + i);
            system.changeSoon("p" + i, 5, "svi_1", "cus_" + i);
            system.changeSoon("o" + i, 6, "svi_2", "cus_" + i % (DELIVERIES / 6));
        }
        await().atMost(LIMIT).until(() -> new HashSet<>(receiver.ids()).size() > DELIVERIES / 5);

        cluster.terminateTaskManager(0).get();
        cluster.startTaskManager();

        await().atMost(LIMIT.multipliedBy(1 + DELIVERIES / 10_000))
                .pollInterval(Duration.ofMillis(500))
                .until(() -> delivered(receiver).containsAll(expected));
        assertThat(new HashSet<>(receiver.ids())).isEqualTo(expected);
    }

    private static Set<String> delivered(TestingReceiver receiver) {
        Set<String> ids = new HashSet<>();
        for (Received one : receiver.received()) {
            if (!one.id().endsWith("0") || Integer.parseInt(one.attempt()) > 1) {
                ids.add(one.id());
            }
        }
        return ids;
    }

    @Test
    void keepsHealthyReceiversFromTheSick() throws Exception {
        List<TestingReceiver> healthy = new ArrayList<>();
        for (int i = 0; i < 14; i++) {
            TestingReceiver receiver = receiver();
            healthy.add(receiver);
            subscribe("well" + i, receiver.url());
        }
        List<TestingReceiver> failing = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            // Nobody listens, nobody answers, and everything is an error.
            try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                subscribe("dead" + i, "http://127.0.0.1:" + closed.getLocalPort() + "/");
            }
            ServerSocket hanging = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            opened.add(hanging);
            subscribe("hanging" + i, "http://127.0.0.1:" + hanging.getLocalPort() + "/");
            TestingReceiver one = receiver();
            one.answers(any -> 500);
            failing.add(one);
        }
        subscribe("failing0", failing.get(0).url());
        system.publish(
                system.subscription("failing1", 5, null, failing.get(1).url(), Ordering.ORDERED));
        Map<String, Long> sentAt = new ConcurrentHashMap<>();
        job = system.start("2s,2s,2s,2s,2s,2s,2s,2s,2s,2s,2s,2s,2s,2s,2s,2s,2s,2s,2s,2s", null);
        send(sentAt, "warm", 5);
        await().atMost(LIMIT).until(() -> healthy.stream().allMatch(one -> has(one, "warm", 5)));
        healthy.forEach(one -> one.received().clear());

        send(sentAt, "c", 60);

        await().atMost(LIMIT).until(() -> healthy.stream().allMatch(one -> has(one, "c", 60)));
        List<Long> latencies =
                healthy.stream()
                        .flatMap(one -> one.received().stream())
                        .map(one -> (one.at() - sentAt.get(one.id())) / 1_000_000)
                        .sorted()
                        .toList();
        // A receiver that hangs holds on for ten seconds; had it held up the others, they would be
        // as late.
        assertThat(latencies.get(latencies.size() * 99 / 100)).isLessThan(5000);

        // Back again, each gets what it missed, and where that was asked for in order.
        failing.forEach(one -> one.received().clear());
        failing.forEach(one -> one.answers(any -> 200));
        await().atMost(LIMIT).until(() -> failing.stream().allMatch(one -> has(one, "c", 60)));
        List<String> inOrder = failing.get(1).ids();
        for (int row = 0; row < ROWS; row++) {
            int start = row;
            assertThat(inOrder.stream().distinct().filter(id -> row(id) == start).toList())
                    .isSortedAccordingTo(Comparator.comparingInt(DeliveryTroubleITCase::number));
        }
    }

    private static int number(String id) {
        return id.startsWith("warm") ? -1 : Integer.parseInt(id.substring(1));
    }

    private static int row(String id) {
        return Integer.parseInt(id.replaceAll("\\D", "")) % ROWS;
    }

    @Test
    void recoversWhatFoundNoPlaceToWait() throws Exception {
        TestingReceiver receiver = receiver();
        SubscriptionControl paused =
                TestingDelivery.changed(
                        system.subscription("whs_1", 5, null, receiver.url(), Ordering.PARALLEL),
                        State.ACTIVE,
                        Delivery.PAUSE,
                        0);
        system.publish(paused);
        long after = System.currentTimeMillis();
        job = system.startNarrow("1s", 4_000);
        List<String> ids = IntStream.range(0, 60).mapToObj(i -> "c" + i).toList();
        ids.forEach(id -> system.change(id, 5, "svi_1", id));
        long before = system.lastChangeAt() + 1;
        await().atMost(LIMIT).until(() -> overflown() > 20);

        system.publish(TestingDelivery.changed(paused, State.ACTIVE, Delivery.SEND, 0));

        await().atMost(LIMIT).until(() -> !receiver.ids().isEmpty());
        await().atMost(LIMIT).until(() -> new HashSet<>(receiver.ids()).size() + overflown() == 60);
        assertThat(new HashSet<>(receiver.ids())).isNotEmpty().hasSizeLessThan(40);
        system.publish(
                new RecoveryControl("rcv_1", 5, 1, State.ACTIVE, "whs_1", null, after, before));
        await().atMost(LIMIT).until(() -> receiver.ids().containsAll(ids));
    }

    private long overflown() {
        return system.reports().stream().filter(report -> report.contains("overflown")).count();
    }

    private void send(Map<String, Long> sentAt, String prefix, int count) {
        for (int i = 0; i < count; i++) {
            sentAt.put(prefix + i, System.nanoTime());
            system.change(prefix + i, 5, "svi_1", "row" + i % ROWS);
        }
    }

    private static boolean has(TestingReceiver receiver, String prefix, int count) {
        return new HashSet<>(receiver.ids())
                .containsAll(IntStream.range(0, count).mapToObj(i -> prefix + i).toList());
    }

    private void subscribe(String id, String url) {
        system.publish(system.subscription(id, 5, null, url, Ordering.PARALLEL));
    }
}
