package io.webhookdb.standalone.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Vendors that post newer and newer versions of their customers, each after the answer to the one
 * before. A request without an answer promises nothing and is not repeated.
 */
final class ChaosLoad {
    private static final int SENDERS = 16;
    private static final int CUSTOMERS = 50;
    private static final long START = 1_700_000_000L;
    private static final int PAUSE_MILLIS = 100;

    private final Map<String, Integer> acknowledged = new ConcurrentHashMap<>();
    private final Map<Integer, AtomicLong> answers = new ConcurrentHashMap<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();
    private final long nanosBetween;

    ChaosLoad(String url, String secret, int perSecond) {
        this.nanosBetween = TimeUnit.SECONDS.toNanos(1) * SENDERS / perSecond;
        for (int sender = 0; sender < SENDERS; sender++) {
            String prefix = "cus_" + sender + "_";
            Thread thread = new Thread(() -> send(url, secret, prefix));
            threads.add(thread);
            thread.start();
        }
    }

    private void send(String url, String secret, String prefix) {
        VendorSender vendor = new VendorSender();
        Samples samples = new Samples();
        long next = System.nanoTime();
        try {
            for (int i = 0; !stopped.await(next - System.nanoTime(), TimeUnit.NANOSECONDS); i++) {
                String customer = prefix + i % CUSTOMERS;
                int version = 1 + i / CUSTOMERS;
                int status =
                        status(
                                vendor,
                                url,
                                samples.customer(customer, "Ada", START + version, version),
                                secret);
                answers.computeIfAbsent(status, one -> new AtomicLong()).incrementAndGet();
                if (status == 202) {
                    acknowledged.merge(customer, version * 100, Math::max);
                }
                next = Math.max(next + nanosBetween, System.nanoTime() - nanosBetween);
                if (status != 202) {
                    next = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int status(VendorSender vendor, String url, SampleEvent event, String secret) {
        try {
            return vendor.send(url, event, secret).statusCode();
        } catch (DemoFailure killed) {
            return 0;
        }
    }

    /** Greatest acknowledged balance of each customer. */
    Map<String, Integer> acknowledged() {
        return acknowledged;
    }

    /** How often each status came; 0 is no answer. */
    Map<Integer, AtomicLong> answers() {
        return answers;
    }

    void stop() throws InterruptedException {
        stopped.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
