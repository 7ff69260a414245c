package io.webhookdb.controlplane.api.install;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.webhookdb.controlplane.TestingClient.Answer;
import io.webhookdb.controlplane.TestingControlTopic;
import io.webhookdb.controlplane.TestingSystem;
import io.webhookdb.controlplane.TestingTenant;
import io.webhookdb.controlplane.api.install.InstallSettings.App;
import io.webhookdb.schemas.catalog.Setup.StoredField;
import io.webhookdb.schemas.control.IntegrationControl;
import io.webhookdb.schemas.control.VendorAccess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A browser goes to Intercom, Front and Increase, on loopback, and comes back. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InstallITCase {
    private static final Pattern CLAIM = Pattern.compile("--claim (\\S+)</pre>");
    private static final HttpClient BROWSER = HttpClient.newHttpClient();

    @TempDir static Path directory;
    private final List<String> exchanges = new CopyOnWriteArrayList<>();
    private HttpServer vendor;
    private TestingSystem system;

    @BeforeAll
    void start() throws IOException {
        vendor = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        on("/auth/eagle/token", "{\"token\":\"tok_intercom\"}");
        on(
                "/me",
                "{\"app\":{\"id_code\":\"app_7\"},\"_links\":{\"self\":\"https://acme.api.frontapp.com/me\"}}");
        on("/oauth/token", "{\"access_token\":\"acc_1\",\"refresh_token\":\"ref_front\"}");
        on("/oauth/tokens", "{\"access_token\":\"tok_increase\"}");
        on("/groups/current", "{\"id\":\"group_9\"}");
        vendor.start();
        String base = "http://127.0.0.1:" + vendor.getAddress().getPort();
        App app = new App("client_1", "secret_1", Optional.of("app_signing_secret"));
        InstallSettings settings =
                new InstallSettings(
                        Map.of("intercom", app, "front", app, "increase", app),
                        Map.of("intercom", base, "front", base, "increase", base));
        system = TestingSystem.start(directory, List.of(), usual -> usual.withInstall(settings));
    }

    @AfterAll
    void stop() {
        system.close();
        vendor.stop(0);
    }

    private void on(String path, String answer) {
        vendor.createContext(
                path,
                exchange -> {
                    exchanges.add(
                            path
                                    + " "
                                    + exchange.getRequestHeaders().getFirst("Authorization")
                                    + " "
                                    + new String(exchange.getRequestBody().readAllBytes(), UTF_8));
                    byte[] bytes = answer.getBytes(UTF_8);
                    exchange.sendResponseHeaders(200, bytes.length);
                    exchange.getResponseBody().write(bytes);
                    exchange.close();
                });
    }

    @Test
    void connectsIntercomAndMakesItsIntegrations() throws Exception {
        TestingTenant tenant =
                TestingTenant.of(system, "install@example.org", "stripe_customer_v1");
        String path = "/v1/organizations/" + tenant.organization() + "/service_integrations";
        Answer asked = tenant.client().post(path + "/connect", Map.of("provider", "intercom"));
        assertThat(asked.status()).isEqualTo(422);
        assertThat(asked.text()).contains("/v1/install/intercom");

        String claim = claim("intercom");
        assertThat(exchanges)
                .anySatisfy(
                        said ->
                                assertThat(said)
                                        .startsWith("/auth/eagle/token")
                                        .contains("code=the_code", "client_secret=secret_1"));
        Answer made =
                tenant.client()
                        .post(path + "/connect", Map.of("provider", "intercom", "claim", claim));
        assertThat(made.status()).as(made.text()).isEqualTo(200);
        assertThat(made.body().path("message").asText())
                .contains(
                        "intercom_marketplace_root_v1",
                        "intercom_contact_v1",
                        "intercom_conversation_v1");
        assertThat(credential(tenant, made)).isEqualTo("tok_intercom");
        assertThat(root(tenant, made).access().apiUrl()).isEqualTo("app_7");
        assertThat(root(tenant, made).webhookSecretCiphertext()).isNotNull();
        assertThat(
                        tenant.client()
                                .post(
                                        path
                                                + "/"
                                                + made.body().path("opaque_id").asText()
                                                + "/delete")
                                .step()
                                .path("output")
                                .asText())
                .contains("deleted with it", "intercom_contact_v1", "intercom_conversation_v1");

        Answer again =
                tenant.client()
                        .post(path + "/connect", Map.of("provider", "intercom", "claim", claim));
        assertThat(again.status()).isEqualTo(400);
        assertThat(again.text()).contains("unknown, used, or older");
    }

    @Test
    void keepsTheRefreshTokenOfFrontAndTheHostOfItsAccount() throws Exception {
        TestingTenant tenant = TestingTenant.of(system, "front@example.org", "stripe_customer_v1");
        Answer made =
                tenant.client()
                        .post(
                                "/v1/organizations/"
                                        + tenant.organization()
                                        + "/service_integrations/connect",
                                Map.of("provider", "front", "claim", claim("front")));
        assertThat(made.status()).as(made.text()).isEqualTo(200);
        assertThat(credential(tenant, made)).isEqualTo("ref_front");
        assertThat(root(tenant, made).access().apiUrl()).isEqualTo("acme.api.frontapp.com");
        assertThat(exchanges)
                .anySatisfy(
                        said ->
                                assertThat(said)
                                        .startsWith("/oauth/token Basic ")
                                        .contains("code="))
                .anySatisfy(said -> assertThat(said).startsWith("/me Bearer acc_1"));
    }

    @Test
    void connectsIncrease() throws Exception {
        assertThat(claim("increase")).isNotEmpty();
        assertThat(exchanges)
                .anySatisfy(said -> assertThat(said).startsWith("/groups/current Bearer tok_incr"));
    }

    @Test
    void takesNobodyBackWhoDidNotBeginHere() throws Exception {
        HttpResponse<String> stolen =
                get("/v1/install/intercom/callback?code=x&state=guessed", "whdb_install=other");
        assertThat(stolen.statusCode()).isEqualTo(400);
        assertThat(get("/v1/install/intercom/callback?code=x&state=", null).statusCode())
                .isEqualTo(400);
        assertThat(get("/v1/install/stripe", null).body()).contains("[front, increase, intercom]");
    }

    /** Through the vendor and back, as a browser goes. */
    private String claim(String provider) throws Exception {
        HttpResponse<String> begun = get("/v1/install/" + provider, null);
        assertThat(begun.statusCode()).as(begun.body()).isEqualTo(302);
        URI consent = URI.create(begun.headers().firstValue("Location").orElseThrow());
        assertThat(consent.getQuery()).contains("client_id=client_1", "response_type=code");
        String cookie = begun.headers().firstValue("Set-Cookie").orElseThrow();
        assertThat(cookie).contains("HttpOnly", "SameSite=Lax");
        String own = cookie.substring(0, cookie.indexOf(';'));
        String state = own.substring(own.indexOf('=') + 1);
        assertThat(consent.getQuery()).contains("state=" + state);
        HttpResponse<String> page =
                get("/v1/install/" + provider + "/callback?code=the_code&state=" + state, own);
        assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
        Matcher claim = CLAIM.matcher(page.body());
        assertThat(claim.find()).as(page.body()).isTrue();
        return claim.group(1);
    }

    private HttpResponse<String> get(String path, String cookie) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + system.apiPort() + path));
        if (cookie != null) {
            request.header("Cookie", cookie);
        }
        return BROWSER.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private IntegrationControl root(TestingTenant tenant, Answer made) {
        String id = made.body().path("opaque_id").asText();
        return TestingControlTopic.of(
                        system.bootstrap(),
                        IntegrationControl.class,
                        IntegrationControl::organization,
                        tenant.organization())
                .stream()
                .filter(integration -> integration.id().equals(id))
                .reduce((earlier, later) -> later)
                .orElseThrow();
    }

    private String credential(TestingTenant tenant, Answer made) {
        IntegrationControl root = root(tenant, made);
        return system.keysets()
                .connectionsOpener()
                .open(
                        root.access().keyCiphertext(),
                        VendorAccess.context(root.id(), StoredField.BACKFILL_KEY));
    }
}
