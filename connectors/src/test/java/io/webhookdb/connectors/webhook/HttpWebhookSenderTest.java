package io.webhookdb.connectors.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.connectors.webhook.TestingReceiver.Reply;
import io.webhookdb.schemas.status.DeliveryAttempt.Outcome;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HttpWebhookSenderTest {
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    /** More than fits between two sockets. */
    private static final long MOST_SENT = 64L << 20;

    private static final Delivery DELIVERY =
            TestingDeliveries.fresh("c1", Delivery.Kind.PARALLEL, "{\"a\":1}");

    private static WebhookSettings settings(String allow, Duration timeout) {
        return new WebhookSettings(
                "unused",
                "1s",
                allow,
                timeout,
                10,
                5,
                "WebhookDB/test",
                1 << 20,
                Duration.ofDays(1));
    }

    private static Answer send(String url, String allow, Duration timeout) throws Exception {
        try (HttpWebhookSender sender = new HttpWebhookSender(settings(allow, timeout))) {
            return sender.send(
                            WebhookRequest.of(
                                    DELIVERY,
                                    Receiver.of(url),
                                    TestingDeliveries.proof(SECRET),
                                    "WebhookDB/test",
                                    timeout,
                                    Instant.now()))
                    .get(20, TimeUnit.SECONDS);
        }
    }

    private static Answer send(String url) throws Exception {
        return send(url, "127.0.0.0/8", Duration.ofSeconds(10));
    }

    @Test
    void sendsWhatReceiversVerify() throws Exception {
        try (TestingReceiver receiver = new TestingReceiver(received -> Reply.of(204))) {
            assertThat(send(receiver.url()).outcome()).isEqualTo(Outcome.DELIVERED);

            TestingReceiver.Received received = receiver.received().get(0);
            Map<String, String> headers = received.headers();
            assertThat(new String(received.body(), UTF_8)).isEqualTo("{\"a\":1}");
            assertThat(headers)
                    .containsEntry("whdb-webhook-secret", SECRET)
                    .containsEntry("whdb-attempt", "1")
                    .containsEntry("content-type", "application/json")
                    .containsEntry("user-agent", "WebhookDB/test")
                    .containsEntry("host", "127.0.0.1:" + receiver.port())
                    .containsEntry("webhook-id", "c1")
                    .doesNotContainKey("whdb-test-event");
            Mac mac = Mac.getInstance("HmacSHA256");
            byte[] key = Base64.getDecoder().decode(SECRET.substring("whsec_".length()));
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            String signed =
                    headers.get("webhook-id")
                            + "."
                            + headers.get("webhook-timestamp")
                            + "."
                            + new String(received.body(), UTF_8);
            assertThat(headers.get("webhook-signature"))
                    .isEqualTo(
                            "v1,"
                                    + Base64.getEncoder()
                                            .encodeToString(mac.doFinal(signed.getBytes(UTF_8))));
        }
    }

    @Test
    void dialsNoPrivateAddress() throws Exception {
        try (TestingReceiver receiver = new TestingReceiver(received -> Reply.of(200))) {
            String byName = receiver.url().replace("127.0.0.1", "localhost");

            assertThat(send(receiver.url(), "", Duration.ofSeconds(10)).outcome())
                    .isEqualTo(Outcome.REFUSED);
            assertThat(send(byName, "", Duration.ofSeconds(10)).outcome())
                    .isEqualTo(Outcome.REFUSED);
            assertThat(receiver.received()).isEmpty();
        }
    }

    @Test
    void followsNoRedirect() throws Exception {
        try (TestingReceiver other = new TestingReceiver(received -> Reply.of(200));
                TestingReceiver receiver =
                        new TestingReceiver(
                                received ->
                                        new Reply(
                                                307,
                                                Map.of("Location", other.url()),
                                                new byte[0]))) {
            Answer answer = send(receiver.url());

            assertThat(answer.outcome()).isEqualTo(Outcome.REJECTED);
            assertThat(answer.status()).isEqualTo(307);
            assertThat(other.received()).isEmpty();
        }
    }

    @Test
    void readsHowLongToWait() throws Exception {
        try (TestingReceiver receiver =
                new TestingReceiver(
                        received -> new Reply(429, Map.of("Retry-After", "3"), new byte[0]))) {
            Answer answer = send(receiver.url());

            assertThat(answer.outcome()).isEqualTo(Outcome.OVERLOADED);
            assertThat(answer.asked()).isEqualTo(Duration.ofSeconds(3));
        }
    }

    @Test
    void caresForTheHeadOfALongAnswerOnly() throws Exception {
        try (TestingReceiver receiver =
                new TestingReceiver(received -> new Reply(200, Map.of(), new byte[20 << 20]))) {
            assertThat(send(receiver.url()).outcome()).isEqualTo(Outcome.DELIVERED);
        }
    }

    @Test
    void givesUpWaiting() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try (TestingReceiver receiver =
                new TestingReceiver(
                        received -> {
                            try {
                                end.await(20, TimeUnit.SECONDS);
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                            return Reply.of(200);
                        })) {
            Answer answer = send(receiver.url(), "127.0.0.0/8", Duration.ofMillis(300));

            assertThat(answer.outcome()).isEqualTo(Outcome.TIMED_OUT);
            assertThat(answer.status()).isZero();
            end.countDown();
        }
    }

    /** It would fill the heap until the time is over. */
    @ParameterizedTest
    @ValueSource(strings = {"a", "a: b\r\n"})
    void hasEnoughOfAHeadThatDoesNotEnd(String part) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Long> sent =
                    CompletableFuture.supplyAsync(() -> sendHead(server, part.repeat(1000)));
            Answer answer = send("http://127.0.0.1:" + server.getLocalPort() + "/");

            assertThat(answer.outcome()).isEqualTo(Outcome.UNREACHABLE);
            assertThat(sent.get(20, TimeUnit.SECONDS)).isLessThan(MOST_SENT);
        }
    }

    /** Returns how many bytes it could send. */
    private static long sendHead(ServerSocket server, String part) {
        long sent = 0;
        try (Socket socket = server.accept()) {
            OutputStream out = socket.getOutputStream();
            out.write("HTTP/1.1 200 OK\r\nA: ".getBytes(UTF_8));
            byte[] bytes = part.getBytes(UTF_8);
            while (sent < MOST_SENT) {
                out.write(bytes);
                sent += bytes.length;
            }
        } catch (IOException e) {
            // The other side has had enough.
        }
        return sent;
    }

    @Test
    void tellsWhatCannotBeReachedFromWhatIsNoUrl() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }

        assertThat(send("http://127.0.0.1:" + free + "/").outcome()).isEqualTo(Outcome.UNREACHABLE);
        assertThat(send("http://no-such-host.invalid/").outcome()).isEqualTo(Outcome.UNREACHABLE);
        assertThat(send("ftp://127.0.0.1/").outcome()).isEqualTo(Outcome.MISCONFIGURED);
    }
}
