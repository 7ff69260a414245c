package io.webhookdb.ingest;

import static io.webhookdb.ingest.TestingControl.STRIPE;
import static io.webhookdb.ingest.TestingControl.definition;
import static io.webhookdb.ingest.TestingControl.integration;
import static io.webhookdb.ingest.TestingControl.newId;
import static io.webhookdb.ingest.TestingControl.skippingVerification;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.webhookdb.schemas.Topics;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * What comes from strangers. For the full form {@code -Dwebhookdb.fuzz.seconds=300}; a failure
 * names its seed, {@code -Dwebhookdb.fuzz.seed} repeats it.
 */
class HostileRequestsITCase {
    private static final int SENDERS = 8;
    private static final Duration TIME =
            Duration.ofSeconds(Long.getLong("webhookdb.fuzz.seconds", 10));
    private static final long SEED = Long.getLong("webhookdb.fuzz.seed", System.nanoTime());
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3}) ");
    private static final Pattern RETRY = Pattern.compile("(?i)retry-after: \\d+");
    private static final long MAY_GROW_BYTES = 48L << 20;
    private static final int BODY_LIMIT = 100_000;

    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final Map<Integer, AtomicLong> statuses = new ConcurrentHashMap<>();
    private final AtomicLong connections = new AtomicLong();

    @Test
    void answersHostileRequestsWithoutErrorsLeaksOrCrashes() throws Exception {
        try (TestingKafka kafka = TestingKafka.withTopics();
                TestingIngest ingest =
                        TestingIngest.start(
                                kafka.bootstrap(),
                                settings ->
                                        settings.bodyLimitBytes(BODY_LIMIT)
                                                .inFlightLimitBytes(4 << 20)
                                                .holdTime(Duration.ofMillis(50))
                                                .requestTimeout(Duration.ofSeconds(1))
                                                .idleTimeout(Duration.ofSeconds(1)))) {
            String open = newId();
            String closed = newId();
            kafka.control(
                    definition(STRIPE),
                    skippingVerification(integration(open, STRIPE, null)),
                    integration(closed, STRIPE, "whsec_fuzz"));
            await().until(() -> ingest.send(ingest.post(open, "{}")).statusCode() == 201);
            run(ingest, List.of(open, closed), Duration.ofSeconds(2));
            long before = usedBytes();

            run(ingest, List.of(open, closed), TIME);

            System.out.printf(
                    "fuzz %d s, seed %d: %d connections, answers %s%n",
                    TIME.toSeconds(), SEED, connections.get(), new TreeMap<>(statuses));
            assertThat(wrong).as("seed " + SEED).isEmpty();
            assertThat(statuses).containsKeys(201, 400, 401, 413, 431);
            assertThat(ingest.send(ingest.post(open, "{\"after\":1}")).statusCode())
                    .isEqualTo(201);
            assertThat(kafka.events(Topics.EVENTS, open)).hasSizeGreaterThan(5);
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(
                            () -> {
                                assertThat(ingest.metric("webhookdb_ingest_in_flight_bytes"))
                                        .isZero();
                                assertThat(ingest.metric("webhookdb_ingest_held_requests"))
                                        .isZero();
                                // The one that asks.
                                assertThat(ingest.metric("webhookdb_ingest_connections"))
                                        .isLessThanOrEqualTo(1);
                            });
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(
                            () -> assertThat(usedBytes()).isLessThan(before + MAY_GROW_BYTES));
        }
    }

    private void run(TestingIngest ingest, List<String> integrations, Duration time)
            throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        List<Thread> senders = new ArrayList<>();
        for (int i = 0; i < SENDERS; i++) {
            long seed = SEED + i;
            Thread sender =
                    new Thread(
                            () -> {
                                HostileRequests requests =
                                        new HostileRequests(seed, integrations);
                                Random manner = new Random(seed);
                                while (System.nanoTime() < end) {
                                    attack(ingest.port(), requests.next(), manner);
                                }
                            });
            senders.add(sender);
            sender.start();
        }
        for (Thread sender : senders) {
            sender.join();
        }
    }

    /** One connection: sends all or in two parts, then leaves at once or reads the answers. */
    private void attack(int port, byte[] bytes, Random manner) {
        connections.incrementAndGet();
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(150);
            int cut = manner.nextInt(3) == 0 ? manner.nextInt(bytes.length + 1) : bytes.length;
            socket.getOutputStream().write(bytes, 0, cut);
            if (manner.nextInt(5) == 0) {
                socket.setSoLinger(manner.nextBoolean(), 0);
                return;
            }
            socket.getOutputStream().write(bytes, cut, bytes.length - cut);
            if (manner.nextBoolean()) {
                socket.shutdownOutput();
            }
            judge(read(socket.getInputStream()), bytes);
        } catch (IOException closedByServer) {
            statuses.computeIfAbsent(0, none -> new AtomicLong()).incrementAndGet();
        }
    }

    /** What comes until the server closes or is silent. */
    private static String read(InputStream in) throws IOException {
        StringBuilder text = new StringBuilder();
        byte[] buffer = new byte[8192];
        try {
            int count = in.read(buffer);
            while (count >= 0) {
                text.append(new String(buffer, 0, count, ISO_8859_1));
                count = in.read(buffer);
            }
        } catch (SocketTimeoutException silent) {
            return text.toString();
        }
        return text.toString();
    }

    private void judge(String answers, byte[] request) {
        Matcher matcher = STATUS.matcher(answers);
        while (matcher.find()) {
            int status = Integer.parseInt(matcher.group(1));
            statuses.computeIfAbsent(status, none -> new AtomicLong()).incrementAndGet();
            // 501 is Vert.x's word for a version of HTTP that it does not speak.
            boolean deliberate =
                    status < 500
                            || status == 501
                            || (status == 503 && RETRY.matcher(answers).find());
            if (!deliberate) {
                String text = new String(request, ISO_8859_1);
                wrong.add(status + " to " + text.substring(0, Math.min(300, text.length())));
            }
        }
    }

    private static long usedBytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
