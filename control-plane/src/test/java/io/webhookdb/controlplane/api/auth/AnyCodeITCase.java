package io.webhookdb.controlplane.api.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.controlplane.SharedControlPlane;
import io.webhookdb.controlplane.TestingClient;
import io.webhookdb.controlplane.TestingClient.Answer;
import io.webhookdb.controlplane.TestingSystem;
import io.webhookdb.controlplane.api.ApiServer;
import io.webhookdb.controlplane.api.ApiSettings;
import io.webhookdb.schemas.catalog.Catalog;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

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

    private ApiSettings settings() {
        return ApiSettings.of(
                        system.application(),
                        system.keysets(),
                        Catalog.load(),
                        TestingSystem.INGEST)
                .withCodePrinter(line -> {});
    }
}
