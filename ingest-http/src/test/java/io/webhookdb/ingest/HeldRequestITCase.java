package io.webhookdb.ingest;

import static io.webhookdb.ingest.TestingControl.STRIPE;
import static io.webhookdb.ingest.TestingControl.definition;
import static io.webhookdb.ingest.TestingControl.heartbeat;
import static io.webhookdb.ingest.TestingControl.integration;
import static io.webhookdb.ingest.TestingControl.newId;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.webhookdb.schemas.Topics;
import io.webhookdb.schemas.catalog.Reply;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HeldRequestITCase {
    private static final String SECRET = "whsec_1";
    private static final String HELD = "webhookdb_ingest_held_requests";
    private static final int PLACES = 3;

    private static TestingKafka kafka;
    private TestingIngest ingest;

    @BeforeAll
    static void startKafka() {
        kafka = TestingKafka.withTopics();
        kafka.control(definition(STRIPE));
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    @BeforeEach
    void start() {
        ingest =
                TestingIngest.start(
                        kafka.bootstrap(), settings -> settings.heldRequestsLimit(PLACES));
    }

    @AfterEach
    void stop() {
        ingest.close();
    }

    @Test
    void aRequestWaitsForItsIntegrationToAppear() throws Exception {
        String id = newId();
        CompletableFuture<HttpResponse<String>> response = ingest.sendLater(signed(id));
        awaitHeld(1);
        assertThat(response).isNotDone();

        kafka.control(integration(id, STRIPE, SECRET));

        assertThat(response.get(5, TimeUnit.SECONDS).statusCode()).isEqualTo(202);
        assertThat(kafka.event(Topics.EVENTS, id).verification()).isEqualTo("verified");
        awaitHeld(0);
    }

    @Test
    void aHeartbeatLaterThanTheRequestShowsThatTheIdDoesNotExist() throws Exception {
        CompletableFuture<HttpResponse<String>> response = ingest.sendLater(signed(newId()));
        awaitHeld(1);

        Instant asOf = Instant.now();
        kafka.control(heartbeat(asOf));

        HttpResponse<String> unknown = response.get(5, TimeUnit.SECONDS);
        assertThat(unknown.statusCode()).isEqualTo(400);
        assertThat(unknown.body())
                .isEqualTo(
                        "{\"error\":{\"message\":\"No integration with that id\",\"status\":400,"
                                + "\"code\":\"not_found\"}}");
        assertThat(ingest.metric("webhookdb_ingest_control_complete_as_of_seconds"))
                .isEqualTo(asOf.toEpochMilli() / 1e3, within(0.001));
    }

    @Test
    void aHeartbeatEarlierThanTheRequestShowsNothing() {
        kafka.control(heartbeat(Instant.now().minusMillis(1)));
        await().until(() -> ingest.metric("webhookdb_ingest_control_complete_as_of_seconds") > 0);
        Instant sent = Instant.now();

        HttpResponse<String> response = ingest.send(signed(newId()));

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).hasValue("2");
        assertThat(Duration.between(sent, Instant.now())).isGreaterThan(Duration.ofMillis(1900));
        assertThat(ingest.metric(HELD)).isZero();
    }

    @Test
    void anIntegrationWithoutItsDefinitionIsHeldAndNotDenied() throws Exception {
        ServiceDefinition late =
                TestingControl.with(
                        STRIPE,
                        "late_v1",
                        STRIPE.modes(),
                        STRIPE.verification(),
                        new Reply(200, "text/plain", "late"),
                        List.of());
        String id = newId();
        kafka.control(integration(id, late, SECRET));
        CompletableFuture<HttpResponse<String>> response = ingest.sendLater(signed(id));
        awaitHeld(1);
        kafka.control(heartbeat(Instant.now()));
        String other = newId();
        kafka.control(integration(other, STRIPE, SECRET));
        assertThat(ingest.send(signed(other)).statusCode()).isEqualTo(202);
        assertThat(response).isNotDone();

        kafka.control(definition(late));

        assertThat(response.get(5, TimeUnit.SECONDS).body()).isEqualTo("late");
    }

    @Test
    void refusesAtOnceWhenTooManyWait() throws Exception {
        List<CompletableFuture<HttpResponse<String>>> waiting =
                Stream.generate(() -> ingest.sendLater(signed(newId()))).limit(PLACES).toList();
        awaitHeld(PLACES);
        Instant sent = Instant.now();

        assertThat(ingest.send(signed(newId())).statusCode()).isEqualTo(503);

        assertThat(Duration.between(sent, Instant.now())).isLessThan(Duration.ofSeconds(1));
        assertThat(ingest.requests("too_many_held", 503)).isEqualTo(1);
        kafka.control(heartbeat(Instant.now()));
        for (CompletableFuture<HttpResponse<String>> response : waiting) {
            assertThat(response.get(5, TimeUnit.SECONDS).statusCode()).isEqualTo(400);
        }
        assertThat(ingest.metric("webhookdb_ingest_in_flight_bytes")).isZero();
    }

    @Test
    void idsOfAnotherFormNeverWait() {
        HttpResponse<String> response = ingest.send(signed("wp-login.php"));

        assertThat(response.statusCode()).isEqualTo(400);
    }

    @Test
    void aSenderThatLeavesGivesUpItsPlace() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", ingest.port())) {
            socket.getOutputStream()
                    .write(
                            ("POST /v1/service_integrations/svi_gone HTTP/1.1\r\nHost: x\r\n"
                                            + "Content-Length: 2\r\n\r\n{}")
                                    .getBytes(US_ASCII));
            awaitHeld(1);
        }
        await().atMost(Duration.ofSeconds(1))
                .until(() -> ingest.metric(HELD) == 0 && ingest.requests("aborted", 0) == 1);
        assertThat(ingest.metric("webhookdb_ingest_in_flight_bytes")).isZero();
    }

    private void awaitHeld(int count) {
        await().pollInterval(Duration.ofMillis(20))
                .atMost(Duration.ofSeconds(5))
                .until(() -> ingest.metric(HELD) == count);
    }

    private HttpRequest.Builder signed(String id) {
        return ingest.post(id, "{}")
                .header("Stripe-Signature", Signatures.stripe(SECRET, Instant.now(), "{}"));
    }
}
