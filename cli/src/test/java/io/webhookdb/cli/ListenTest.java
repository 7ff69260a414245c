package io.webhookdb.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.webhookdb.cli.TestingCli.Run;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An api that speaks server-sent events, and a developer's receiver, on one server. */
class ListenTest {
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<HttpExchange> posts = new CopyOnWriteArrayList<>();
    private final List<String> bodies = new CopyOnWriteArrayList<>();
    private HttpServer server;

    @TempDir Path home;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/organizations/7/changes", this::events);
        server.createContext("/hooks", this::hook);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Ends after each event, so that the client has to come again. */
    private void events(HttpExchange exchange) throws IOException {
        String query = exchange.getRequestURI().getQuery();
        asked.add(query == null ? "" : query);
        int number = asked.size();
        exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        String body = "{\"id\":\"c" + number + "\",\"type\":\"row.updated\",\"n\":\"\u00e9\"}";
        exchange.getResponseBody()
                .write(
                        ("id: 0:0\nevent: ready\ndata: {}\n\nid: 0:"
                                        + number
                                        + "\nevent: change\ndata: "
                                        + body
                                        + "\n\n")
                                .getBytes(UTF_8));
        exchange.close();
    }

    private void hook(HttpExchange exchange) throws IOException {
        bodies.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
        posts.add(exchange);
        exchange.sendResponseHeaders(202, -1);
        exchange.close();
    }

    private Run listen(String... more) {
        String[] words = new String[more.length + 3];
        System.arraycopy(
                new String[] {"listen", "--forward-to", url() + "/hooks"}, 0, words, 0, 3);
        System.arraycopy(more, 0, words, 3, more.length);
        return new TestingCli(home, url()).loggedIn().run(words);
    }

    @Test
    void forwardsSignedAndGoesOnWhereTheConnectionBroke() throws Exception {
        Run run = listen("--secret", "whsec_c2VjcmV0", "--count", "2");

        assertThat(run.exitCode()).isZero();
        assertThat(asked).containsExactly("", "after=0:1");
        assertThat(run.out()).contains("row.updated").contains("-> 202");
        HttpExchange first = posts.get(0);
        assertThat(first.getRequestHeaders().getFirst("Whdb-Webhook-Secret"))
                .isEqualTo("whsec_c2VjcmV0");
        assertThat(first.getRequestHeaders().getFirst("webhook-id")).isEqualTo("c1");
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec("secret".getBytes(UTF_8), "HmacSHA256"));
        String signed =
                "c1."
                        + first.getRequestHeaders().getFirst("webhook-timestamp")
                        + "."
                        + bodies.get(0);
        assertThat(first.getRequestHeaders().getFirst("webhook-signature"))
                .isEqualTo(
                        "v1,"
                                + Base64.getEncoder()
                                        .encodeToString(mac.doFinal(signed.getBytes(UTF_8))));
    }

    @Test
    void namesTheSecretItMadeUp() {
        assertThat(listen("--count", "1").out()).contains("Signing with whsec_");
    }

    @Test
    void saysWhatItForwardsTo() {
        Run run = new TestingCli(home, url()).loggedIn().run("listen", "--forward-to", "3000");

        assertThat(run.exitCode()).isNotZero();
        assertThat(run.err()).contains("\"3000\"").contains("http://");
    }
}
