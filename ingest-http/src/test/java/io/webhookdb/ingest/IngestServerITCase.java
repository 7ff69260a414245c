package io.webhookdb.ingest;

import static io.webhookdb.ingest.TestingControl.STRIPE;
import static io.webhookdb.ingest.TestingControl.definition;
import static io.webhookdb.ingest.TestingControl.integration;
import static io.webhookdb.ingest.TestingControl.newId;
import static io.webhookdb.ingest.TestingIngest.endpoint;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.webhookdb.schemas.Topics;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class IngestServerITCase {
    private static final String SECRET = "whsec_very_secret";

    private static TestingKafka kafka;

    @BeforeAll
    static void start() {
        kafka = TestingKafka.withTopics();
        kafka.control(definition(STRIPE));
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @Test
    void finishesBegunRequestsWhenItCloses() throws Exception {
        TestingIngest ingest = start(settings -> settings);
        String id = newId();
        kafka.control(integration(id, STRIPE, SECRET));
        int port = ingest.port();
        try (Socket socket = new Socket("127.0.0.1", port)) {
            OutputStream out = socket.getOutputStream();
            out.write(
                    ("POST "
                                    + endpoint(id)
                                    + " HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n"
                                    + "Stripe-Signature: "
                                    + signed("{}")
                                    + "\r\n\r\n{")
                            .getBytes(US_ASCII));
            await().until(() -> ingest.metric("webhookdb_ingest_in_flight_bytes") > 0);

            CompletableFuture<Void> closing = CompletableFuture.runAsync(ingest::close);
            await().atMost(Duration.ofSeconds(5)).until(() -> refusesConnections(port));
            assertThat(closing).isNotDone();
            out.write('}');

            assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII))
                    .startsWith("HTTP/1.1 202 ");
            closing.get();
        }
        assertThat(kafka.event(Topics.EVENTS, id).body()).isEqualTo("{}".getBytes(US_ASCII));
    }

    @Test
    void waitsForNobodyWhenNothingIsInProgress() {
        TestingIngest ingest = start(settings -> settings);
        ingest.send(ingest.request("/healthz").GET());
        Instant start = Instant.now();

        ingest.close();
        ingest.close();

        assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(4));
    }

    @Test
    void doesNotWaitLongerThanAllowedForASenderThatStalls() throws IOException {
        TestingIngest ingest = start(settings -> settings.closeTimeout(Duration.ofSeconds(1)));
        try (Socket socket = new Socket("127.0.0.1", ingest.port())) {
            socket.getOutputStream()
                    .write(
                            "POST /v1/service_integrations/svi_a HTTP/1.1\r\nContent-Length: 9\r\n\r\n"
                                    .getBytes(US_ASCII));
            await().until(() -> ingest.metric("webhookdb_ingest_in_flight_bytes") > 0);
            Instant start = Instant.now();

            ingest.close();

            assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(5));
        }
    }

    @Test
    void sharesOnePortAmongItsEventLoops() {
        try (TestingIngest ingest = start(settings -> settings.eventLoops(4))) {
            String id = newId();
            kafka.control(integration(id, STRIPE, SECRET));
            List<CompletableFuture<HttpResponse<String>>> responses =
                    IntStream.range(0, 200)
                            .mapToObj(
                                    i ->
                                            ingest.sendLater(
                                                    ingest.post(id, "{}")
                                                            .header(
                                                                    "Stripe-Signature",
                                                                    signed("{}"))))
                            .toList();

            assertThat(responses)
                    .allSatisfy(
                            response -> assertThat(response.join().statusCode()).isEqualTo(202));
            assertThat(kafka.events(Topics.EVENTS, id))
                    .hasSize(200)
                    .extracting(event -> event.id())
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void saysWhichAddressIsTaken() {
        try (TestingIngest ingest = start(settings -> settings)) {
            assertThatThrownBy(() -> start(settings -> settings.port(ingest.port())))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("127.0.0.1:" + ingest.port());
        }
    }

    /** Many clients read nothing before they have written all. */
    @Test
    void tellsASenderOfThreeTimesTheLimitWhyItWasRefused() throws IOException {
        int limit = 4 << 20;
        try (TestingIngest ingest = start(settings -> settings.bodyLimitBytes(limit));
                Socket socket = new Socket("127.0.0.1", ingest.port())) {
            String head =
                    "POST /v1/service_integrations/svi_x HTTP/1.1\r\nHost: x\r\nContent-Length: "
                            + 3 * limit
                            + "\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(US_ASCII));
            socket.getOutputStream().write(new byte[3 * limit]);
            byte[] answer = socket.getInputStream().readAllBytes();
            assertThat(new String(answer, US_ASCII)).startsWith("HTTP/1.1 413 ");
        }
    }

    @Test
    void logsNeitherBodiesNorSecrets() {
        Queue<String> log = new ConcurrentLinkedQueue<>();
        captureLog(log);
        String body = "{\"card\":\"4242424242424242\"}";
        String id = newId();
        try (TestingIngest ingest = start(settings -> settings.bodyLimitBytes(1000))) {
            kafka.control(integration(id, STRIPE, SECRET));
            String right = signed(body);
            String wrong = Signatures.stripe("other", Instant.now(), body);
            assertThat(ingest.send(signed(ingest, id, body, right)).statusCode()).isEqualTo(202);
            assertThat(ingest.send(signed(ingest, id, body, wrong)).statusCode()).isEqualTo(401);
            assertThat(ingest.send(ingest.post(id, body.repeat(100))).statusCode()).isEqualTo(413);
            assertThat(ingest.send(ingest.post(newId(), body)).statusCode()).isEqualTo(503);
            kafka.controlBytes("integration/" + newId(), body.getBytes(US_ASCII));
            await().until(() -> ingest.metric("webhookdb_ingest_control_undecodable_total") > 0);
        } finally {
            Configurator.reconfigure();
        }

        assertThat(log).isNotEmpty();
        assertThat(log).anyMatch(line -> line.contains("Ingest listens on"));
        assertThat(log).noneMatch(line -> line.contains("4242") || line.contains(SECRET));
    }

    /** Everything that ingest and the libraries beneath it log, until the next reconfiguration. */
    private static void captureLog(Queue<String> log) {
        AbstractAppender appender =
                new AbstractAppender("capture", null, null, true, Property.EMPTY_ARRAY) {
                    @Override
                    public void append(LogEvent event) {
                        log.add(event.getMessage().getFormattedMessage() + " " + event.getThrown());
                    }
                };
        appender.start();
        LoggerContext context = LoggerContext.getContext(false);
        Configuration configuration = context.getConfiguration();
        for (String name :
                List.of("io.webhookdb", "org.apache.kafka.clients", "io.vertx", "io.netty")) {
            LoggerConfig logger = new LoggerConfig(name, Level.DEBUG, false);
            logger.addAppender(appender, Level.ALL, null);
            configuration.removeLogger(name);
            configuration.addLogger(name, logger);
        }
        context.updateLoggers();
    }

    private static HttpRequest.Builder signed(
            TestingIngest ingest, String id, String body, String signature) {
        return ingest.post(id, body).header("Stripe-Signature", signature);
    }

    private static TestingIngest start(UnaryOperator<IngestSettings.Builder> customization) {
        return TestingIngest.start(kafka.bootstrap(), customization);
    }

    private static boolean refusesConnections(int port) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return !socket.isConnected();
        } catch (ConnectException e) {
            return true;
        }
    }

    private static String signed(String body) {
        return Signatures.stripe(SECRET, Instant.now(), body);
    }
}
