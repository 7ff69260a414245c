package io.webhookdb.controlplane.api.integrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.webhookdb.controlplane.SharedControlPlane;
import io.webhookdb.controlplane.TestingClient;
import io.webhookdb.controlplane.TestingClient.Answer;
import io.webhookdb.controlplane.TestingSystem;
import io.webhookdb.controlplane.TestingTenant;
import io.webhookdb.controlplane.api.ApiServer;
import io.webhookdb.controlplane.api.ApiSettings;
import io.webhookdb.controlplane.provisioner.status.TestingReports;
import io.webhookdb.schemas.catalog.Catalog;
import io.webhookdb.schemas.status.BackfillProgress;
import io.webhookdb.schemas.status.BackfillProgress.State;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Credentials that the vendor refuses are forgotten, and asked for again. */
@ExtendWith(SharedControlPlane.class)
class FirstPageITCase {
    private final TestingSystem system;

    FirstPageITCase(TestingSystem system) {
        this.system = system;
    }

    @Test
    void asksAgainForWhatTheVendorRefusesAndEndsWithAPage() throws Exception {
        TestingTenant tenant =
                TestingTenant.of(system, "first-page@example.org", "stripe_customer_v1");
        String path = tenant.path();
        try (ApiServer waiting = ApiServer.start(settings())) {
            TestingClient client =
                    TestingClient.of(waiting.port())
                            .with("Whdb-Auth-Token", tenant.client().header("Whdb-Auth-Token"));
            Answer asked = client.post(path + "/backfill");

            Answer refused =
                    answered(
                            client,
                            asked,
                            tenant,
                            State.FAILED,
                            0,
                            "The API answered 401: revoked");

            assertThat(refused.status()).isEqualTo(200);
            assertThat(refused.step().path("needs_input").asBoolean()).as(refused.text()).isTrue();
            assertThat(refused.step().path("post_to_url").asText())
                    .isEqualTo(path + "/transition/backfill_key");
            assertThat(refused.step().path("output").asText())
                    .startsWith("That did not work")
                    .contains("401");
            assertThat(client.post(path + "/backfill/job", Map.of()).code())
                    .isEqualTo("backfill_not_set_up");

            Answer done = answered(client, refused, tenant, State.RUNNING, 1, null);

            assertThat(done.step().path("complete").asBoolean()).as(done.text()).isTrue();
        }
    }

    /** What the answer to a question becomes if the job reports this of the order it gives. */
    private Answer answered(
            TestingClient client,
            Answer asked,
            TestingTenant tenant,
            State state,
            long pages,
            String failure)
            throws Exception {
        int before = orders(tenant).size();
        CompletableFuture<Answer> answer =
                CompletableFuture.supplyAsync(() -> client.reply(asked, "rk_live_1"));
        await().until(() -> orders(tenant).size() > before);
        TestingReports.send(
                system.bootstrap(),
                new BackfillProgress(
                        tenant.organization(),
                        tenant.integration(),
                        orders(tenant).get(0).path("id").asText(),
                        state,
                        pages,
                        pages,
                        -1,
                        0,
                        null,
                        Instant.now().toString(),
                        Instant.now().toString(),
                        failure));
        return answer.get(30, TimeUnit.SECONDS);
    }

    private static JsonNode orders(TestingTenant tenant) {
        return tenant.client().get(tenant.path() + "/backfill/job").body().path("items");
    }

    private ApiSettings settings() {
        return ApiSettings.of(
                        system.application(),
                        system.keysets(),
                        Catalog.load(),
                        TestingSystem.INGEST)
                .withFirstPageWait(Duration.ofSeconds(20));
    }
}
