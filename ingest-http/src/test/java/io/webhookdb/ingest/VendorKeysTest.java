package io.webhookdb.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.webhookdb.security.outbound.OutboundPolicy;
import io.webhookdb.security.signature.Verdict;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VendorKeysTest {
    private static final String LOOPBACK = "127.0.0.0/8";

    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch over = new CountDownLatch(1);
    private HttpServer vendor;

    @BeforeEach
    void start() throws IOException {
        vendor = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        vendor.setExecutor(Executors.newCachedThreadPool());
        vendor.createContext("/key", this::answer);
        vendor.createContext("/endless", this::answerWithoutEnd);
        vendor.start();
    }

    @AfterEach
    void stop() {
        over.countDown();
        vendor.stop(0);
    }

    @Test
    void keepsWhatTheVendorAnswered() throws Exception {
        try (VendorKeys keys = new VendorKeys(OutboundPolicy.parse(LOOPBACK), VendorKeys.TIMEOUT)) {
            Verdict.KeyNeeded needed = new Verdict.KeyNeeded(url("/key"));

            assertThat(fetched(keys, needed)).isTrue();
            assertThat(fetched(keys, needed)).isTrue();

            assertThat(keys.known(url("/key"))).hasValue("the key".getBytes(UTF_8));
            assertThat(asked).containsExactly("GET ");
        }
    }

    @Test
    void postsTheQuestionOfAVendorWhoWantsOne() throws Exception {
        try (VendorKeys keys = new VendorKeys(OutboundPolicy.parse(LOOPBACK), VendorKeys.TIMEOUT)) {
            assertThat(fetched(keys, new Verdict.KeyNeeded(url("/key"), "{\"key_id\":\"1\"}")))
                    .isTrue();

            assertThat(asked).containsExactly("POST {\"key_id\":\"1\"}");
        }
    }

    @Test
    void callsNobodyInsideTheNetwork() throws Exception {
        try (VendorKeys keys = new VendorKeys(OutboundPolicy.parse(""), VendorKeys.TIMEOUT)) {
            assertThat(fetched(keys, new Verdict.KeyNeeded(url("/key")))).isFalse();

            assertThat(asked).isEmpty();
        }
    }

    @Test
    void isNotHeldUpByAnAnswerWithoutEnd() throws Exception {
        try (VendorKeys keys =
                new VendorKeys(OutboundPolicy.parse(LOOPBACK), Duration.ofMillis(300))) {
            assertThat(fetched(keys, new Verdict.KeyNeeded(url("/endless")))).isFalse();
            assertThat(fetched(keys, new Verdict.KeyNeeded(url("/key")))).isTrue();
        }
    }

    private static boolean fetched(VendorKeys keys, Verdict.KeyNeeded needed)
            throws InterruptedException {
        BlockingQueue<Boolean> told = new ArrayBlockingQueue<>(1);
        keys.fetch(needed, told::add);
        return Boolean.TRUE.equals(told.poll(20, TimeUnit.SECONDS));
    }

    private URI url(String path) {
        return URI.create("http://127.0.0.1:" + vendor.getAddress().getPort() + path);
    }

    private void answer(HttpExchange exchange) throws IOException {
        asked.add(
                exchange.getRequestMethod()
                        + " "
                        + new String(exchange.getRequestBody().readAllBytes(), UTF_8));
        byte[] body = "the key".getBytes(UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private void answerWithoutEnd(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().write('x');
        exchange.getResponseBody().flush();
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
