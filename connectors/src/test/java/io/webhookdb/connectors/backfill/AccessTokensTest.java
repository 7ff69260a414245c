package io.webhookdb.connectors.backfill;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.webhookdb.connectors.backfill.AccessGrant.Holder;
import io.webhookdb.schemas.catalog.OAuthConnection.Client;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A vendor on loopback that gives out access tokens which end. */
class AccessTokensTest {
    private final List<String> exchanges = new CopyOnWriteArrayList<>();
    private final AtomicInteger tokens = new AtomicInteger();
    private final List<String> renewed = new CopyOnWriteArrayList<>();
    private volatile String good = "";
    private volatile String handedOut = "";
    private volatile int expiresIn = 3600;
    private HttpServer vendor;
    private VendorClient client;

    @BeforeEach
    void start() throws IOException {
        vendor = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        vendor.createContext("/token", this::token);
        vendor.createContext("/items", this::items);
        vendor.start();
        client =
                new VendorClient(
                        BackfillSettings.DEFAULT.withOutboundAllow("127.0.0.0/8"),
                        (grant, token) -> renewed.add(token));
    }

    @AfterEach
    void stop() {
        client.close();
        vendor.stop(0);
    }

    private void token(HttpExchange exchange) throws IOException {
        String form = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        exchanges.add(exchange.getRequestHeaders().getFirst("Authorization") + " " + form);
        if (!form.contains("refresh_token=ref%2F1")) {
            answer(exchange, 400, "{\"error\":\"invalid_grant\"}");
            return;
        }
        good = "acc_" + tokens.incrementAndGet();
        answer(
                exchange,
                200,
                "{\"access_token\":\""
                        + good
                        + "\",\"expires_in\":"
                        + expiresIn
                        + ",\"refresh_token\":\""
                        + handedOut
                        + "\"}");
    }

    private void items(HttpExchange exchange) throws IOException {
        String bearer = exchange.getRequestHeaders().getFirst("Authorization");
        boolean known = ("Bearer " + good).equals(bearer);
        answer(exchange, known ? 200 : 401, "[]");
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private ApiRequest request(String refreshToken, Client style) {
        return request(refreshToken, style, null);
    }

    private ApiRequest request(String refreshToken, Client style, Holder holder) {
        String base = "http://127.0.0.1:" + vendor.getAddress().getPort();
        return new ApiRequest(
                URI.create(base + "/items"),
                Map.of(),
                null,
                new AccessGrant(
                        URI.create(base + "/token"), "id:se cret", refreshToken, style, holder));
    }

    private int ask(ApiRequest request) {
        return client.ask(request).join().status();
    }

    @Test
    void hasOneAccessTokenForManyRequests() {
        ApiRequest request = request("ref/1", Client.BODY);
        for (int i = 0; i < 5; i++) {
            assertThat(ask(request)).isEqualTo(200);
        }
        assertThat(exchanges)
                .containsExactly(
                        "null grant_type=refresh_token&refresh_token=ref%2F1&client_id=id"
                                + "&client_secret=se+cret");
    }

    @Test
    void hasAnotherOneShortlyBeforeTheFirstEnds() {
        expiresIn = 59;
        assertThat(ask(request("ref/1", Client.BODY))).isEqualTo(200);
        assertThat(ask(request("ref/1", Client.BODY))).isEqualTo(200);
        assertThat(exchanges).hasSize(2);
    }

    @Test
    void asksOnceMoreWhenAKeptTokenIsRefused() {
        ApiRequest request = request("ref/1", Client.BODY);
        ask(request);
        good = "revoked meanwhile";
        assertThat(ask(request)).isEqualTo(200);
        assertThat(exchanges).hasSize(2);
    }

    @Test
    void tellsOfARefreshTokenHandedOutAnewAndServesItsHolderByTheSameAccessToken() {
        Holder ann = new Holder("svi_owners", "refresh_token", "ann");
        handedOut = "ref/2";
        assertThat(ask(request("ref/1", Client.BODY, ann))).isEqualTo(200);
        assertThat(ask(request("ref/2", Client.BODY, ann))).isEqualTo(200);
        assertThat(exchanges).hasSize(1);
        assertThat(renewed).containsExactly("ref/2");

        handedOut = "ref/1";
        assertThat(ask(request("ref/1", Client.BODY, new Holder("svi_owners", "t", "bob"))))
                .isEqualTo(200);
        assertThat(renewed).as("the same one is not another one").hasSize(1);
    }

    @Test
    void namesTheApplicationAsTheVendorWantsIt() {
        ask(request("ref/1", Client.BASIC));
        assertThat(exchanges.get(0))
                .startsWith("Basic aWQ6c2UgY3JldA==")
                .doesNotContain("client_secret");
    }

    @Test
    void tellsARevokedRefreshTokenFromAWrongApplication() {
        ApiRequest request = request("other", Client.BODY);
        assertThatThrownBy(() -> ask(request))
                .satisfies(
                        thrown -> {
                            ApiException why = VendorClient.failure(thrown, request.uri());
                            assertThat(why.failure()).isEqualTo(ApiFailure.REVOKED);
                            assertThat(why).hasMessageContaining("400: invalid_grant");
                        });
        assertThat(request.grant().toString()).doesNotContain("other", "cret");
    }
}
