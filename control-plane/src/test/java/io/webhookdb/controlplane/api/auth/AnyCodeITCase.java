package io.webhookdb.controlplane.api.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.webhookdb.controlplane.SharedControlPlane;
import io.webhookdb.controlplane.TestingClient;
import io.webhookdb.controlplane.TestingClient.Answer;
import io.webhookdb.controlplane.TestingSystem;
import io.webhookdb.controlplane.api.ApiServer;
import io.webhookdb.controlplane.api.ApiSettings;
import io.webhookdb.controlplane.api.http.RequestLimits;
import io.webhookdb.embedded.SelfSigned;
import io.webhookdb.schemas.catalog.Catalog;
import io.webhookdb.security.tls.TlsFiles;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** An api for development, and one behind https, beside the one there is. */
@ExtendWith(SharedControlPlane.class)
class AnyCodeITCase {
    private final TestingSystem system;

    AnyCodeITCase(TestingSystem system) {
        this.system = system;
    }

    @Test
    void acceptsAnyCodeOfWhoAskedForOne() {
        try (ApiServer api = ApiServer.start(settings().withLoginPolicy(LoginPolicy.ANY_CODE))) {
            TestingClient client = TestingClient.of(api.port());
            Map<String, String> login = Map.of("email", "any@example.org", "token", "x");
            assertThat(client.post("/v1/auth", login).body().path("error_code").asText())
                    .isEqualTo("email_not_exist");
            client.post("/v1/auth", Map.of("email", "any@example.org"));

            assertThat(client.post("/v1/auth", login).header("Whdb-Auth-Token")).isNotEmpty();
            assertThat(client.post("/v1/auth", login).header("Whdb-Auth-Token")).isNotEmpty();
        }
    }

    @Test
    void tellsBrowsersToStayOnHttps() {
        try (ApiServer api =
                ApiServer.start(settings().withApiUrl(URI.create("https://api.example")))) {
            TestingClient client = TestingClient.of(api.port());
            Answer answer = client.post("/v1/auth/logout");

            assertThat(answer.header("Strict-Transport-Security")).isNotEmpty();
            assertThat(answer.header("Set-Cookie")).contains("; Secure");
        }
    }

    @Test
    void servesOverTlsWithItsOwnCertificate(@TempDir Path folder) throws Exception {
        SelfSigned made = SelfSigned.in(folder, "api");
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(made.store());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        try (ApiServer api =
                ApiServer.start(
                        settings(),
                        RequestLimits.of(0, 0),
                        Optional.of(new TlsFiles(made.certificate(), made.key())))) {
            HttpResponse<String> answer =
                    HttpClient.newBuilder()
                            .sslContext(context)
                            .build()
                            .send(
                                    HttpRequest.newBuilder(
                                                    URI.create(
                                                            "https://127.0.0.1:"
                                                                    + api.port()
                                                                    + "/openapi.json"))
                                            .build(),
                                    BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThatThrownBy(() -> TestingClient.of(api.port()).post("/v1/auth/logout"))
                    .hasRootCauseInstanceOf(IOException.class);
        }
    }

    private ApiSettings settings() {
        return ApiSettings.of(
                        system.application(),
                        system.keysets(),
                        Catalog.load(),
                        TestingSystem.INGEST)
                .withCodePrinter(line -> {});
    }
}
