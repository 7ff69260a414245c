package io.webhookdb.connectors.backfill;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.webhookdb.connectors.backfill.ApiRequest.Redirects;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A vendor whose resources have moved, and another server that they may have moved to. */
class RedirectTest {
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private HttpServer vendor;
    private HttpServer other;
    private VendorClient client;

    @BeforeEach
    void start() throws IOException {
        vendor = server("vendor");
        other = server("other");
        client =
                new VendorClient(
                        BackfillSettings.DEFAULT.withOutboundAllow("127.0.0.0/8"),
                        (grant, token) -> {});
    }

    @AfterEach
    void stop() {
        client.close();
        vendor.stop(0);
        other.stop(0);
    }

    /** Redirects within itself, to the other server and in circles; else answers with a page. */
    private HttpServer server(String name) throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> answer(name, exchange));
        server.start();
        return server;
    }

    private void answer(String name, HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().toString();
        String credential = exchange.getRequestHeaders().getFirst("Authorization");
        asked.add(name + " " + path + " " + credential);
        String location =
                path.startsWith("/circle")
                        ? path
                        : path.startsWith("/moved")
                                ? "/items?page=2"
                                : path.startsWith("/away") ? base(other) + "/items" : null;
        if (location != null) {
            exchange.getResponseHeaders().set("Location", location);
        }
        byte[] body = "[]".getBytes(UTF_8);
        exchange.sendResponseHeaders(location == null ? 200 : 301, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static String base(HttpServer server) {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private ApiAnswer ask(String path, Redirects redirects) {
        URI uri = URI.create(base(vendor) + path);
        Map<String, String> headers = Map.of("Authorization", "Bearer x");
        return client.ask(new ApiRequest(uri, headers, null, null, null, redirects)).join();
    }

    @Test
    void followsTheVendorToAnotherPathOfItsOwn() {
        assertThat(ask("/moved", Redirects.SAME_ORIGIN).status()).isEqualTo(200);
        assertThat(asked)
                .containsExactly("vendor /moved Bearer x", "vendor /items?page=2 Bearer x");
    }

    @Test
    void takesCredentialsToNoOtherServer() {
        ApiAnswer answer = ask("/away", Redirects.SAME_ORIGIN);
        assertThat(answer.status()).isEqualTo(301);
        assertThat(asked).containsExactly("vendor /away Bearer x");
        assertThatThrownBy(() -> AnswerJudge.judge(answer, List.of()))
                .hasMessage(
                        "The API answered 301: it points to "
                                + base(other)
                                + ", where it is not followed.");
    }

    @Test
    void followsWithoutCredentialsAnywhere() {
        assertThat(ask("/away", Redirects.ANYWHERE).status()).isEqualTo(200);
        assertThat(asked).containsExactly("vendor /away Bearer x", "other /items Bearer x");
    }

    @Test
    void goesInNoCircles() {
        assertThat(ask("/circle", Redirects.SAME_ORIGIN).status()).isEqualTo(301);
        assertThat(asked).hasSize(6);
    }
}
