package io.webhookdb.ingest;

import static io.webhookdb.ingest.TestingControl.STRIPE;
import static io.webhookdb.ingest.TestingControl.definition;
import static io.webhookdb.ingest.TestingControl.integration;
import static io.webhookdb.ingest.TestingControl.newId;
import static io.webhookdb.ingest.TestingControl.skippingVerification;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.webhookdb.ingest.spool.SpoolSettings;
import io.webhookdb.schemas.Topics;
import io.webhookdb.schemas.event.Event;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kafka goes away under load. For the full form {@code -Dwebhookdb.outage.seconds=60}; the build
 * runs a shorter one.
 */
class SpoolITCase {
    private static final Duration OUTAGE =
            Duration.ofSeconds(Long.getLong("webhookdb.outage.seconds", 4));
    private static final String SPOOLED = "webhookdb_ingest_spool_events";

    @TempDir Path folder;
    private TestingKafka kafka;
    private String id;

    @BeforeEach
    void start() {
        kafka = TestingKafka.withTopics();
        id = newId();
        kafka.control(definition(STRIPE), skippingVerification(integration(id, STRIPE, null)));
    }

    @AfterEach
    void stop() {
        kafka.close();
    }

    @Test
    void refusesNothingAndLosesNothingWhileKafkaIsAway() throws Exception {
        try (TestingIngest ingest = start("spool", SpoolSettings.DEFAULT_LIMIT_BYTES)) {
            awaitServing(ingest);
            SteadyLoad load = SteadyLoad.start(ingest, id, 1_000);
            await().until(() -> load.acknowledged().size() > 100);

            kafka.broker().stop();
            load.runFor(OUTAGE);
            double waiting = ingest.metric(SPOOLED);
            kafka.broker().start();
            Instant back = Instant.now();
            load.runFor(Duration.ofSeconds(1));
            load.stop();
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> ingest.metric("webhookdb_ingest_spool_active") == 0);
            System.out.printf(
                    "outage %d s: %d acknowledged, %.0f spooled, drained %d ms after the return%n",
                    OUTAGE.toSeconds(),
                    load.acknowledged().size(),
                    waiting,
                    Duration.between(back, Instant.now()).toMillis());

            assertThat(load.others()).isEmpty();
            assertThat(waiting).isGreaterThan(100);
            List<Event> stored = distinct(kafka.events(Topics.EVENTS, id));
            Set<String> missing = new HashSet<>(load.acknowledged());
            missing.removeAll(stored.stream().map(SpoolITCase::body).collect(Collectors.toSet()));
            assertThat(missing).isEmpty();
            assertThat(ingest.metric("webhookdb_ingest_spool_bytes")).isZero();
            assertThat(ingest.metric("webhookdb_ingest_in_flight_bytes")).isZero();
            load.assertOrderOfEachSender(stored.stream().map(SpoolITCase::body).toList());
        }
    }

    @Test
    void keepsWhatItTookThroughAKillAndRefusesWhatItCannotKeep() throws Exception {
        Set<String> acknowledged = new HashSet<>();
        try (TestingIngest ingest = start("spool", 1 << 20)) {
            awaitServing(ingest);
            kafka.broker().stop();
            HttpResponse<String> last = ingest.send(ingest.post(id, body(0)));
            for (int i = 0; last.statusCode() == 201; i++) {
                acknowledged.add(body(i));
                last = ingest.send(ingest.post(id, body(i + 1)));
            }
            assertThat(last.statusCode()).isEqualTo(503);
            assertThat(last.body()).contains("the spool is full");
            assertThat(last.headers().firstValue("Retry-After")).hasValue("2");
            assertThat(ingest.requests("spool_full", 503)).isEqualTo(1);
            // What a kill would leave: nothing is closed or written on the way.
            copy(folder.resolve("spool"), folder.resolve("killed"));
        }
        kafka.broker().start();
        try (TestingIngest again = start("killed", 1 << 20)) {
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> again.metric("webhookdb_ingest_spool_active") == 0);
            assertThat(acknowledged).hasSizeGreaterThan(8);
            assertThat(kafka.events(Topics.EVENTS, id).stream().map(SpoolITCase::body))
                    .containsAll(acknowledged);
        }
    }

    private TestingIngest start(String spool, long limitBytes) {
        return TestingIngest.start(
                kafka.bootstrap(),
                settings ->
                        settings.spool(
                                        new SpoolSettings(
                                                folder.resolve(spool),
                                                limitBytes,
                                                SpoolSettings.DEFAULT_AFTER))
                                .publishTimeout(Duration.ofSeconds(2))
                                .closeTimeout(Duration.ofSeconds(5)));
    }

    private void awaitServing(TestingIngest ingest) {
        await().atMost(Duration.ofSeconds(10))
                .until(() -> ingest.send(ingest.post(id, "ready")).statusCode() == 201);
    }

    private static String body(int number) {
        return number + "x".repeat(100_000);
    }

    private static String body(Event event) {
        return new String(event.body(), UTF_8);
    }

    /** Each event once, in the order of their ids. */
    private static List<Event> distinct(List<Event> events) {
        Set<Object> seen = new HashSet<>();
        return events.stream()
                .filter(event -> seen.add(event.id()))
                .sorted(Comparator.comparing(event -> event.id().toString()))
                .collect(Collectors.toList());
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        List<Path> files = new ArrayList<>();
        try (Stream<Path> entries = Files.list(from)) {
            entries.forEach(files::add);
        }
        for (Path file : files) {
            Files.copy(file, to.resolve(file.getFileName()));
        }
    }
}
