package io.webhookdb.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Senders that post at a steady rate, each its next body only after the answer to the one before.
 * Bodies are {@code SENDER-NUMBER}. A sender that was kept waiting catches up.
 */
final class SteadyLoad {
    private static final int SENDERS = 40;
    private static final TimeUnit NANOS = TimeUnit.NANOSECONDS;

    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final Queue<Integer> others = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private final CountDownLatch stopped = new CountDownLatch(1);

    private SteadyLoad() {}

    /** Begins to post. */
    static SteadyLoad start(TestingIngest ingest, String integration, int perSecond) {
        SteadyLoad load = new SteadyLoad();
        long nanosBetween = TimeUnit.SECONDS.toNanos(1) * SENDERS / perSecond;
        for (int sender = 0; sender < SENDERS; sender++) {
            String prefix = sender + "-";
            Thread thread =
                    new Thread(() -> load.send(ingest, integration, prefix, nanosBetween));
            load.threads.add(thread);
            thread.start();
        }
        return load;
    }

    private void send(TestingIngest ingest, String integration, String prefix, long nanosBetween) {
        long start = System.nanoTime();
        try {
            for (long i = 0; !stopped.await(waitFor(start + i * nanosBetween), NANOS); i++) {
                String body = prefix + i;
                int status = ingest.send(ingest.post(integration, body)).statusCode();
                if (status == 201) {
                    acknowledged.add(body);
                } else {
                    others.add(status);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static long waitFor(long at) {
        return Math.max(0, at - System.nanoTime());
    }

    /** Lets it run. */
    void runFor(Duration time) throws InterruptedException {
        assertThat(stopped.await(time.toMillis(), TimeUnit.MILLISECONDS)).isFalse();
    }

    void stop() throws InterruptedException {
        stopped.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
    }

    Set<String> acknowledged() {
        return acknowledged;
    }

    /** Statuses that were no 201. */
    Queue<Integer> others() {
        return others;
    }

    /** Each sender's bodies must come with rising numbers. */
    void assertOrderOfEachSender(List<String> bodies) {
        Map<String, Long> last = new HashMap<>();
        for (String body : bodies) {
            if (body.contains("-")) {
                String sender = body.substring(0, body.indexOf('-'));
                long number = Long.parseLong(body.substring(body.indexOf('-') + 1));
                assertThat(number).as(body).isGreaterThan(last.getOrDefault(sender, -1L));
                last.put(sender, number);
            }
        }
        assertThat(last).hasSize(SENDERS);
    }
}
