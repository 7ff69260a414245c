package io.webhookdb.ingest;

import static io.webhookdb.ingest.TestingControl.SHOPIFY;
import static io.webhookdb.ingest.TestingControl.definition;
import static io.webhookdb.ingest.TestingControl.integration;
import static io.webhookdb.ingest.TestingControl.newId;
import static io.webhookdb.ingest.TestingControl.ofOrganization;
import static io.webhookdb.ingest.TestingControl.skippingVerification;
import static io.webhookdb.ingest.TestingIngest.endpoint;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.webhookdb.schemas.Topics;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LimitsITCase {
    private static final int BODY_LIMIT = 100_000;
    private static final String IN_FLIGHT = "webhookdb_ingest_in_flight_bytes";

    private static TestingKafka kafka;
    private static TestingIngest ingest;
    private static String integration;

    @BeforeAll
    static void start() {
        kafka = TestingKafka.withTopics();
        ingest =
                TestingIngest.start(
                        kafka.bootstrap(),
                        settings ->
                                settings.bodyLimitBytes(BODY_LIMIT)
                                        .inFlightLimitBytes(2 * BODY_LIMIT)
                                        .requestTimeout(Duration.ofSeconds(1))
                                        .idleTimeout(Duration.ofSeconds(2)));
        integration = open(ingest, 1);
    }

    @AfterAll
    static void stop() {
        ingest.close();
        kafka.close();
    }

    @Test
    void takesABodyOfExactlyTheLimit() {
        assertThat(post(BodyPublishers.ofByteArray(new byte[BODY_LIMIT])).statusCode())
                .isEqualTo(201);
    }

    @Test
    void refusesALargerBodyByItsDeclaredLength() {
        HttpResponse<String> response = post(BodyPublishers.ofByteArray(new byte[BODY_LIMIT + 1]));

        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(response.body()).contains("\"status\":413").contains("100000 bytes");
        assertThat(response.headers().firstValue("Connection")).hasValue("close");
        awaitNothingInFlight();
    }

    @Test
    void refusesALargerBodyOfUndeclaredLengthWhileItComes() {
        HttpResponse<String> response =
                post(
                        BodyPublishers.ofInputStream(
                                () -> new ByteArrayInputStream(new byte[BODY_LIMIT + 1])));

        assertThat(response.statusCode()).isEqualTo(413);
        awaitNothingInFlight();
    }

    /** By what it sends, long before the time for a request is up. */
    @Test
    void cutsOffASenderThatNeverStops() throws IOException {
        try (Socket socket = connect()) {
            OutputStream out = socket.getOutputStream();
            out.write(head("Transfer-Encoding: chunked"));
            byte[] chunk = ("2000\r\n" + "x".repeat(0x2000) + "\r\n").getBytes(US_ASCII);
            await().pollInterval(Duration.ofMillis(5))
                    .atMost(Duration.ofMillis(800))
                    .until(() -> !writes(out, chunk));
        }
        awaitNothingInFlight();
    }

    @Test
    void closesAfterTheRefusalOfALargeBody() throws IOException {
        try (Socket socket = connect()) {
            socket.setSoTimeout(800);
            OutputStream out = socket.getOutputStream();
            out.write(head("Transfer-Encoding: chunked"));
            out.write(("186A1\r\n" + "x".repeat(0x186A1) + "\r\n0\r\n\r\n").getBytes(US_ASCII));
            assertThat(text(socket)).startsWith("HTTP/1.1 413 ").endsWith("}");
        }
    }

    @Test
    void saysNoToALargeBodyBeforeItIsSent() throws IOException {
        try (Socket socket = connect()) {
            socket.setSoTimeout(800);
            socket.getOutputStream().write(head("Expect: 100-continue\r\nContent-Length: 100001"));
            assertThat(text(socket)).startsWith("HTTP/1.1 413 ");
        }
    }

    /** Else the next request on the connection would be taken for the body. */
    @Test
    void closesAfterARefusalThatTheSenderOfABodyWasWaitingFor() throws IOException {
        try (Socket socket = connect()) {
            socket.setSoTimeout(800);
            socket.getOutputStream()
                    .write(
                            ("POST /v1/other HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
                                            + "Content-Length: 5\r\n\r\n")
                                    .getBytes(US_ASCII));
            assertThat(text(socket)).startsWith("HTTP/1.1 404 ");
        }
    }

    @Test
    void asksForTheBodyOfASenderThatWaitsToBeAsked() throws IOException {
        try (Socket socket = connect()) {
            OutputStream out = socket.getOutputStream();
            out.write(head("Expect: 100-continue\r\nConnection: close\r\nContent-Length: 2"));
            byte[] first = socket.getInputStream().readNBytes(12);
            assertThat(new String(first, US_ASCII)).isEqualTo("HTTP/1.1 100");
            out.write("{}".getBytes(US_ASCII));
            assertThat(text(socket)).contains("HTTP/1.1 201 ");
        }
    }

    @Test
    void servesTheNextRequestOfAConnectionAfterARefusal() throws IOException {
        try (Socket socket = connect()) {
            OutputStream out = socket.getOutputStream();
            out.write(
                    ("POST /v1/other HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello")
                            .getBytes(US_ASCII));
            out.write(head("Connection: close\r\nContent-Length: 0"));
            assertThat(text(socket)).startsWith("HTTP/1.1 404 ").contains("HTTP/1.1 201 ");
        }
    }

    @Test
    void answers503WhenTheMemoryForRequestsIsTaken() throws IOException {
        List<Socket> senders = new ArrayList<>();
        try {
            for (int i = 0; i < 2; i++) {
                Socket socket = connect();
                senders.add(socket);
                socket.getOutputStream().write(head("Content-Length: 100000"));
                socket.getOutputStream().write(new byte[95_000]);
            }
            await().until(() -> ingest.metric(IN_FLIGHT) > 190_000);

            HttpResponse<String> response = post(BodyPublishers.ofByteArray(new byte[20_000]));

            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.headers().firstValue("Retry-After")).isPresent();
        } finally {
            for (Socket socket : senders) {
                socket.close();
            }
        }
        awaitNothingInFlight();
        assertThat(post(BodyPublishers.ofByteArray(new byte[20_000])).statusCode()).isEqualTo(201);
    }

    @Test
    void endsTheConnectionOfASenderThatDripsItsBody() throws IOException {
        try (Socket socket = connect()) {
            OutputStream out = socket.getOutputStream();
            out.write(head("Content-Length: 1000"));
            Instant start = Instant.now();
            await().pollInterval(Duration.ofMillis(100))
                    .atMost(Duration.ofSeconds(5))
                    .until(() -> !writes(out, new byte[] {'x'}));
            assertThat(Duration.between(start, Instant.now()))
                    .isBetween(Duration.ofMillis(900), Duration.ofSeconds(3));
        }
        awaitNothingInFlight();
    }

    @Test
    void endsTheConnectionOfASenderThatDripsItsHead() throws IOException {
        try (Socket socket = connect()) {
            OutputStream out = socket.getOutputStream();
            out.write("POST /healthz HTTP/1.1\r\nX-Long: ".getBytes(US_ASCII));
            Instant start = Instant.now();
            await().pollInterval(Duration.ofMillis(100))
                    .atMost(Duration.ofSeconds(6))
                    .until(() -> !writes(out, new byte[] {'x'}));
            assertThat(Duration.between(start, Instant.now()))
                    .isBetween(Duration.ofMillis(1900), Duration.ofSeconds(4));
        }
    }

    @Test
    void endsAConnectionWithoutRequests() throws IOException {
        try (Socket socket = connect()) {
            socket.setSoTimeout(5000);
            socket.getOutputStream()
                    .write("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(US_ASCII));
            assertThat(text(socket)).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void refusesHeadersWithoutEnd() throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(head("X-Long: " + "x".repeat(40_000)));
            assertThat(text(socket)).startsWith("HTTP/1.1 431 ");
        }
    }

    @Test
    void limitsTheRequestsOfOneOrganizationOnly() {
        try (TestingIngest limited =
                TestingIngest.start(
                        kafka.bootstrap(),
                        settings -> settings.requestsPerSecondPerOrganization(5))) {
            String busy = open(limited, 11);
            String busyToo = open(limited, 11);
            String calm = open(limited, 12);
            List<HttpResponse<String>> responses = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                responses.add(limited.send(limited.post(i % 2 == 0 ? busy : busyToo, "{}")));
            }

            List<HttpResponse<String>> refused =
                    responses.stream().filter(r -> r.statusCode() == 429).toList();
            assertThat(refused).hasSizeBetween(5, 17);
            assertThat(refused)
                    .allSatisfy(
                            response ->
                                    assertThat(response.headers().firstValue("Retry-After"))
                                            .hasValue("1"));
            assertThat(limited.send(limited.post(calm, "{}")).statusCode()).isEqualTo(201);
            assertThat(
                            kafka.events(Topics.EVENTS, busy).size()
                                    + kafka.events(Topics.EVENTS, busyToo).size())
                    .isEqualTo(20 - refused.size());
            await().atMost(Duration.ofSeconds(3))
                    .until(() -> limited.send(limited.post(busy, "{}")).statusCode() == 201);
        }
    }

    /** An integration that takes everything. */
    private static String open(TestingIngest server, long organization) {
        String id = newId();
        kafka.control(
                definition(SHOPIFY),
                ofOrganization(organization, skippingVerification(integration(id, SHOPIFY, null))));
        await().until(() -> server.metric("webhookdb_ingest_integrations") > 0);
        return id;
    }

    private static HttpResponse<String> post(BodyPublisher body) {
        return ingest.send(ingest.request(endpoint(integration)).POST(body));
    }

    private static Socket connect() throws IOException {
        Socket socket = new Socket("127.0.0.1", ingest.port());
        socket.setTcpNoDelay(true);
        return socket;
    }

    private static byte[] head(String headers) {
        return ("POST " + endpoint(integration) + " HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n\r\n")
                .getBytes(US_ASCII);
    }

    private static boolean writes(OutputStream out, byte[] bytes) throws IOException {
        try {
            out.write(bytes);
            return true;
        } catch (SocketException e) {
            return false;
        }
    }

    /** Everything until the server closes. */
    private static String text(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        return new String(in.readAllBytes(), US_ASCII);
    }

    private static void awaitNothingInFlight() {
        await().atMost(Duration.ofSeconds(5)).until(() -> ingest.metric(IN_FLIGHT) == 0);
    }
}
