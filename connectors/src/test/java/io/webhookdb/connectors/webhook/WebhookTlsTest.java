package io.webhookdb.connectors.webhook;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.webhookdb.connectors.outbound.TestingCertificate;
import io.webhookdb.schemas.status.DeliveryAttempt.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deliveries by https, and what is said of those that do not come about. */
final class WebhookTlsTest {
    @TempDir Path folder;

    private interface Serving {
        void run(HttpServer server) throws Exception;
    }

    private static Answer send(String url, String allow) throws Exception {
        WebhookSettings settings =
                new WebhookSettings(
                        "unused",
                        "1s",
                        allow,
                        Duration.ofSeconds(5),
                        10,
                        5,
                        "WebhookDB/test",
                        1 << 20,
                        Duration.ofDays(1));
        Delivery delivery = TestingDeliveries.fresh("c1", Delivery.Kind.PARALLEL, "{}");
        try (HttpWebhookSender sender = new HttpWebhookSender(settings)) {
            return sender.send(
                            WebhookRequest.of(
                                    delivery,
                                    Receiver.of(url),
                                    TestingDeliveries.proof("secret"),
                                    "WebhookDB/test",
                                    Duration.ofSeconds(5),
                                    Instant.now()))
                    .get(20, TimeUnit.SECONDS);
        }
    }

    private static Answer send(String host, HttpServer server) throws Exception {
        return send("https://" + host + ":" + server.getAddress().getPort() + "/", "127.0.0.1 ::1");
    }

    private static void serving(TestingCertificate certificate, Serving what) throws Exception {
        HttpsServer server =
                HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(certificate.serverContext()));
        serving(server, what);
    }

    private static void serving(HttpServer server, Serving what) throws Exception {
        server.createContext(
                "/",
                exchange -> {
                    try (exchange) {
                        exchange.getRequestBody().readAllBytes();
                        exchange.sendResponseHeaders(204, -1);
                    }
                });
        server.start();
        try {
            what.run(server);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void deliversToAHostWhoseAuthorityTheJvmTrustsAndToNoOther() throws Exception {
        TestingCertificate certificate = TestingCertificate.of(folder, "dns:localhost", "-1H");
        serving(
                certificate,
                server -> {
                    Answer untrusted = send("localhost", server);
                    assertThat(untrusted.outcome()).isEqualTo(Outcome.UNREACHABLE);
                    assertThat(untrusted.text()).contains("no authority that is trusted");
                    certificate.trusted(
                            () -> {
                                assertThat(send("localhost", server).outcome())
                                        .isEqualTo(Outcome.DELIVERED);
                                Answer other = send("127.0.0.1", server);
                                assertThat(other.outcome()).isEqualTo(Outcome.UNREACHABLE);
                                assertThat(other.text()).contains("for another host");
                            });
                });
    }

    @Test
    void saysThatACertificateHasExpired() throws Exception {
        TestingCertificate old = TestingCertificate.of(folder, "dns:localhost", "-10d");
        serving(
                old,
                server ->
                        old.trusted(
                                () ->
                                        assertThat(send("localhost", server).text())
                                                .contains("not valid now")));
    }

    @Test
    void saysWhyAnotherHostWasNotReached() throws Exception {
        try (ServerSocket plain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> served = CompletableFuture.runAsync(() -> speakPlain(plain));
            assertThat(send("https://127.0.0.1:" + plain.getLocalPort() + "/", "127.0.0.1").text())
                    .contains("it speaks no TLS");
            served.get(20, TimeUnit.SECONDS);
        }
        assertThat(send("https://no-such-host.invalid/", "").text()).contains("no host");
        assertThat(send("https://10.0.0.1/", "").text()).contains("10.0.0.1").contains("private");
        assertThat(send("https://127.0.0.1:" + closedPort() + "/", "127.0.0.1").text())
                .contains("refused");
    }

    private static void speakPlain(ServerSocket server) {
        try (Socket socket = server.accept()) {
            socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(US_ASCII));
            socket.shutdownOutput();
            socket.getInputStream().readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Test
    void dialsAnAddressOfTheSixthVersion() throws Exception {
        HttpServer server;
        try {
            server = HttpServer.create(new InetSocketAddress("::1", 0), 0);
        } catch (IOException e) {
            return;
        }
        serving(
                server,
                any -> {
                    String url = "http://[::1]:" + server.getAddress().getPort() + "/";
                    assertThat(send(url, "::1").outcome()).isEqualTo(Outcome.DELIVERED);
                    assertThat(send(url, "").outcome()).isEqualTo(Outcome.REFUSED);
                });
    }
}
