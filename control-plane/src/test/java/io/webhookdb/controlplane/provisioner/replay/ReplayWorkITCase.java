package io.webhookdb.controlplane.provisioner.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.webhookdb.controlplane.SharedControlPlane;
import io.webhookdb.controlplane.TestingSystem;
import io.webhookdb.controlplane.TestingTenant;
import io.webhookdb.controlplane.events.TestingEvents;
import io.webhookdb.schemas.Topics;
import io.webhookdb.schemas.event.Event;
import io.webhookdb.schemas.event.Origin;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedControlPlane.class)
class ReplayWorkITCase {
    private static final String SECRET = "whsec_the_right_one";
    private static final String BODY = "{\"id\":\"evt_1\"}";
    private static final Instant NOW = Instant.now();

    private final TestingSystem system;

    ReplayWorkITCase(TestingSystem system) {
        this.system = system;
    }

    @Test
    void processesAgainWhatOneIntegrationReceivedWithinTheTime() {
        TestingTenant tenant = tenant("replayed@example.org");
        Event wanted = stored(tenant.integration(), Duration.ofMinutes(20));
        Event early = stored(tenant.integration(), Duration.ofMinutes(90));
        Event foreign = stored("svi_of_somebody_else_entirely", Duration.ofMinutes(20));
        Event fetched =
                TestingEvents.event(tenant.integration(), Origin.REPLAY, Map.of(), NOW, BODY);
        TestingEvents.store(system.bootstrap(), Topics.EVENTS, fetched);

        JsonNode replay = replayed(tenant, Map.of());

        assertThat(replay.path("emitted").asInt()).isEqualTo(1);
        Event again =
                TestingEvents.repeated(system.bootstrap(), Topics.EVENTS, wanted).orElseThrow();
        assertThat(again.receivedAtMicros()).isEqualTo(wanted.receivedAtMicros());
        assertThat(again.origin()).isEqualTo(Origin.REPLAY);
        for (Event other : List.of(early, foreign)) {
            assertThat(TestingEvents.repeated(system.bootstrap(), Topics.EVENTS, other)).isEmpty();
        }
        assertThat(replayed(tenant, Map.of()).path("emitted").asInt()).isEqualTo(1);
        assertThat(replayed(tenant, Map.of("requests", "rejected")).path("emitted").asInt())
                .isZero();
        assertThat(
                        replayed(
                                        tenant,
                                        Map.of(
                                                "everything",
                                                true,
                                                "event_id",
                                                early.id().toString()))
                                .path("emitted")
                                .asInt())
                .isEqualTo(1);
    }

    @Test
    void acceptsWhatWasRejectedBeforeTheSecretWasRight() {
        TestingTenant tenant = tenant("replay-rejected@example.org");
        Instant arrived = NOW.minus(Duration.ofMinutes(30));
        Event signed = rejected(tenant, arrived, arrived, SECRET);
        Event forged = rejected(tenant, arrived, arrived, "another secret");
        Event old = rejected(tenant, arrived, arrived.minus(Duration.ofHours(2)), SECRET);

        JsonNode before = replayed(tenant, Map.of());
        assertThat(before.path("emitted").asInt()).isZero();
        assertThat(before.path("refused").asInt()).isEqualTo(3);

        tenant.client().post(tenant.path() + "/transition/webhook_secret", Map.of("value", SECRET));
        JsonNode after = replayed(tenant, Map.of());

        assertThat(after.path("emitted").asInt()).isEqualTo(1);
        assertThat(after.path("refused").asInt()).isEqualTo(2);
        Event accepted =
                TestingEvents.repeated(system.bootstrap(), Topics.EVENTS, signed).orElseThrow();
        assertThat(accepted.verification()).isEqualTo("verified");
        for (Event other : List.of(forged, old)) {
            assertThat(TestingEvents.repeated(system.bootstrap(), Topics.EVENTS, other)).isEmpty();
        }
    }

    private JsonNode replayed(TestingTenant tenant, Map<String, Object> more) {
        Map<String, Object> parameters = new HashMap<>(more);
        parameters.put("service_integration_identifier", tenant.integration());
        String path = "/v1/organizations/" + tenant.organization();
        String id = tenant.client().post(path + "/replay", parameters).body().path("id").asText();
        await().atMost(Duration.ofSeconds(60))
                .until(
                        () ->
                                tenant.client()
                                        .get(path + "/replays/" + id)
                                        .body()
                                        .path("status")
                                        .asText()
                                        .equals("finished"));
        return tenant.client().get(path + "/replays/" + id).body();
    }

    private Event stored(String integration, Duration ago) {
        Event event =
                TestingEvents.event(integration, Origin.WEBHOOK, Map.of(), NOW.minus(ago), BODY);
        TestingEvents.store(system.bootstrap(), Topics.EVENTS, event);
        return event;
    }

    private Event rejected(TestingTenant tenant, Instant arrived, Instant signed, String secret) {
        long at = signed.getEpochSecond();
        Event event =
                TestingEvents.event(
                        tenant.integration(),
                        Origin.WEBHOOK,
                        Map.of(
                                "stripe-signature",
                                "t=" + at + ",v1=" + mac(at + "." + BODY, secret)),
                        arrived,
                        BODY);
        TestingEvents.store(system.bootstrap(), Topics.REJECTED, event);
        return event;
    }

    private static String mac(String text, String secret) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private TestingTenant tenant(String email) {
        return TestingTenant.of(system, email, "stripe_customer_v1");
    }
}
