package io.webhookdb.ingest;

import static io.webhookdb.ingest.TestingControl.STRIPE;
import static io.webhookdb.ingest.TestingControl.definition;
import static io.webhookdb.ingest.TestingControl.integration;
import static io.webhookdb.ingest.TestingControl.newId;
import static io.webhookdb.ingest.TestingControl.skippingVerification;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.webhookdb.schemas.Topics;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KafkaOutageITCase {
    private static final int ROUND = 25;
    private static final Duration PUBLISH_TIMEOUT = Duration.ofSeconds(2);

    @Test
    void acknowledgesOnlyWhatKafkaKeepsWhileKafkaGoesAndComes() {
        try (TestingKafka kafka = TestingKafka.withTopics();
                TestingIngest ingest = start(kafka)) {
            String id = open(kafka);
            assertThat(send(ingest, id, "before").statusCode()).isEqualTo(201);

            kafka.broker().stop();
            Instant sent = Instant.now();
            HttpResponse<String> response = send(ingest, id, "during");
            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.headers().firstValue("Retry-After")).hasValue("2");
            assertThat(Duration.between(sent, Instant.now()))
                    .isLessThan(PUBLISH_TIMEOUT.plusSeconds(2));
            assertThat(ingest.send(ingest.request("/healthz").GET()).statusCode()).isEqualTo(200);

            kafka.broker().start();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> send(ingest, id, "after").statusCode() == 201);
            assertThat(bodies(kafka, id)).contains("before", "after");
            assertThat(ingest.metric("webhookdb_ingest_in_flight_bytes")).isZero();
        }
    }

    @Test
    void everyAcknowledgedRequestOfARestartUnderLoadIsThere() throws Exception {
        try (TestingKafka kafka = TestingKafka.withTopics();
                TestingIngest ingest = start(kafka)) {
            String id = open(kafka);
            Set<String> acknowledged = new HashSet<>(round(ingest, id, 0));
            assertThat(acknowledged).hasSize(ROUND);
            CompletableFuture<Void> restart =
                    CompletableFuture.runAsync(
                            () -> {
                                kafka.broker().stop();
                                kafka.broker().start();
                            });
            int next = ROUND;
            boolean recovered = false;
            while (!recovered) {
                Set<String> taken = round(ingest, id, next);
                next += ROUND;
                acknowledged.addAll(taken);
                recovered = restart.isDone() && taken.size() == ROUND;
            }
            restart.get();

            assertThat(bodies(kafka, id)).containsAll(acknowledged);
        }
    }

    /** Sends some requests at once; those that were acknowledged. */
    private static Set<String> round(TestingIngest ingest, String id, int first) throws Exception {
        List<String> bodies =
                IntStream.range(first, first + ROUND).mapToObj(i -> "{\"n\":" + i + "}").toList();
        List<CompletableFuture<HttpResponse<String>>> responses =
                bodies.stream().map(body -> ingest.sendLater(ingest.post(id, body))).toList();
        Set<String> acknowledged = new HashSet<>();
        for (int i = 0; i < ROUND; i++) {
            int status = responses.get(i).get(30, TimeUnit.SECONDS).statusCode();
            assertThat(status).isIn(201, 503);
            if (status == 201) {
                acknowledged.add(bodies.get(i));
            }
        }
        return acknowledged;
    }

    @Test
    void startsWithoutKafkaAndServesWhenItComes() {
        try (TestingKafka kafka = TestingKafka.withTopics()) {
            String id = open(kafka);
            kafka.broker().stop();
            try (TestingIngest ingest = start(kafka)) {
                assertThat(send(ingest, id, "early").statusCode()).isEqualTo(503);

                kafka.broker().start();

                await().atMost(Duration.ofSeconds(30))
                        .until(() -> send(ingest, id, "later").statusCode() == 201);
                assertThat(bodies(kafka, id)).containsOnly("later");
            }
        }
    }

    @Test
    void startsWithoutTopicsAndServesWhenTheyAreMade() {
        try (TestingKafka kafka = TestingKafka.withoutTopics();
                TestingIngest ingest = start(kafka)) {
            assertThat(send(ingest, newId(), "early").statusCode()).isEqualTo(503);

            kafka.createTopics();
            String id = open(kafka);

            await().atMost(Duration.ofSeconds(30))
                    .until(() -> send(ingest, id, "later").statusCode() == 201);
        }
    }

    @Test
    void aForgedRequestIsRefusedEvenIfItCannotBeKept() {
        try (TestingKafka kafka = TestingKafka.withTopics();
                TestingIngest ingest = start(kafka)) {
            String id = newId();
            kafka.control(definition(STRIPE), integration(id, STRIPE, "s"));
            assertThat(send(ingest, id, "kept").statusCode()).isEqualTo(401);
            kafka.broker().stop();

            assertThat(send(ingest, id, "lost").statusCode()).isEqualTo(401);

            assertThat(ingest.requests("rejected_unstored", 401)).isEqualTo(1);
            assertThat(ingest.requests("rejected", 401)).isEqualTo(1);
        }
    }

    private static TestingIngest start(TestingKafka kafka) {
        return TestingIngest.start(
                kafka.bootstrap(),
                settings ->
                        settings.publishTimeout(PUBLISH_TIMEOUT)
                                .closeTimeout(Duration.ofSeconds(5)));
    }

    private static String open(TestingKafka kafka) {
        String id = newId();
        kafka.control(definition(STRIPE), skippingVerification(integration(id, STRIPE, null)));
        return id;
    }

    private static HttpResponse<String> send(TestingIngest ingest, String id, String body) {
        return ingest.send(ingest.post(id, body));
    }

    private static Set<String> bodies(TestingKafka kafka, String id) {
        return kafka.events(Topics.EVENTS, id).stream()
                .map(event -> new String(event.body(), UTF_8))
                .collect(Collectors.toSet());
    }
}
