package io.webhookdb.controlplane.api.deadletters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.webhookdb.controlplane.SharedControlPlane;
import io.webhookdb.controlplane.TestingClient;
import io.webhookdb.controlplane.TestingSystem;
import io.webhookdb.controlplane.TestingTenant;
import io.webhookdb.controlplane.events.TestingEvents;
import io.webhookdb.controlplane.provisioner.status.TestingReports;
import io.webhookdb.schemas.Topics;
import io.webhookdb.schemas.deadletter.DeadLetter;
import io.webhookdb.schemas.deadletter.DeadLetter.Reason;
import io.webhookdb.schemas.event.Event;
import io.webhookdb.schemas.event.Origin;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedControlPlane.class)
class DeadLetterITCase {
    private static final String BODY = "{\"id\":\"cus_1\",\"name\":\"M\u00fcller\"}";

    private final TestingSystem system;

    DeadLetterITCase(TestingSystem system) {
        this.system = system;
    }

    @Test
    void listsShowsAndRetriesWhatDied() {
        TestingTenant tenant = tenant("dead@example.org");
        Event event = stored(tenant.integration(), Origin.WEBHOOK, Topics.EVENTS);

        JsonNode listed = awaitListed(tenant, 1);
        String id = listed.at("/items/0/id").asText();
        assertThat(listed.at("/items/0/reason").asText()).isEqualTo("NO_REMOTE_KEY");
        assertThat(listed.at("/items/0/state").asText()).isEqualTo("dead");
        assertThat(listed.toString()).doesNotContain("cus_1");

        JsonNode shown = tenant.client().get(path(tenant) + "/" + id).body();
        assertThat(shown.path("body").asText()).isEqualTo(BODY);
        assertThat(shown.at("/request/method").asText()).isEqualTo("POST");

        assertThat(tenant.client().post(path(tenant) + "/" + id + "/retry", Map.of()).status())
                .isEqualTo(200);
        Event again =
                TestingEvents.repeated(system.bootstrap(), Topics.EVENTS, event).orElseThrow();
        assertThat(again.origin()).isEqualTo(Origin.REPLAY);
        assertThat(again.receivedAtMicros()).isEqualTo(event.receivedAtMicros());
        assertThat(again.body()).isEqualTo(event.body());
        await().untilAsserted(
                        () ->
                                assertThat(
                                                tenant.client()
                                                        .get(path(tenant) + "/" + id)
                                                        .body()
                                                        .path("state")
                                                        .asText())
                                        .isEqualTo("retried"));
    }

    @Test
    void retriesWhatWasFetchedOnItsOwnLane() {
        TestingTenant tenant = tenant("dead-fetched@example.org");
        Event event = stored(tenant.integration(), Origin.BACKFILL, Topics.BACKFILL_EVENTS);
        awaitListed(tenant, 1);

        tenant.client().post(path(tenant) + "/retry", Map.of());

        await().until(
                        () ->
                                TestingEvents.repeated(
                                                system.bootstrap(), Topics.BACKFILL_EVENTS, event)
                                        .isPresent());
        assertThat(TestingEvents.repeated(system.bootstrap(), Topics.EVENTS, event)).isEmpty();
    }

    @Test
    void listsTheSameDeathOnceAndAnotherPlaceAgain() {
        TestingTenant tenant = tenant("dead-again@example.org");
        Event event =
                TestingEvents.event(
                        tenant.integration(), Origin.WEBHOOK, Map.of(), Instant.now(), BODY);
        RecordMetadata place = TestingEvents.store(system.bootstrap(), Topics.EVENTS, event);
        report(letter(event, place));
        report(letter(event, place));
        assertThat(awaitListed(tenant, 1).at("/items/0/attempts").asInt()).isEqualTo(1);

        report(letter(event, TestingEvents.store(system.bootstrap(), Topics.EVENTS, event)));

        await().until(
                        () ->
                                tenant.client()
                                                .get(path(tenant))
                                                .body()
                                                .at("/items/0/attempts")
                                                .asInt()
                                        == 2);
        assertThat(awaitListed(tenant, 1).path("items")).hasSize(1);
    }

    @Test
    void showsNothingOfAnotherOrganization() {
        TestingTenant tenant = tenant("dead-mine@example.org");
        stored(tenant.integration(), Origin.WEBHOOK, Topics.EVENTS);
        String id = awaitListed(tenant, 1).at("/items/0/id").asText();
        TestingTenant other = tenant("dead-other@example.org");

        assertThat(other.client().get(path(other)).body().path("items")).isEmpty();
        assertThat(other.client().get(path(other) + "/" + id).status()).isEqualTo(403);
        assertThat(other.client().post(path(other) + "/" + id + "/retry", Map.of()).status())
                .isEqualTo(403);
    }

    @Test
    void showsNoBodyThatIsNotOfTheLettersIntegration() {
        TestingTenant tenant = tenant("dead-forged@example.org");
        Event foreign =
                TestingEvents.event(
                        "svi_of_somebody_else", Origin.WEBHOOK, Map.of(), Instant.now(), BODY);
        RecordMetadata place = TestingEvents.store(system.bootstrap(), Topics.EVENTS, foreign);
        Event own =
                TestingEvents.event(
                        tenant.integration(), Origin.WEBHOOK, Map.of(), Instant.now(), BODY);
        report(letter(own, place));
        String id = awaitListed(tenant, 1).at("/items/0/id").asText();

        TestingClient.Answer shown = tenant.client().get(path(tenant) + "/" + id);

        assertThat(shown.body().toString()).doesNotContain("cus_1");
    }

    private Event stored(String integration, Origin origin, String topic) {
        Event event = TestingEvents.event(integration, origin, Map.of(), Instant.now(), BODY);
        report(letter(event, TestingEvents.store(system.bootstrap(), topic, event)));
        return event;
    }

    private JsonNode awaitListed(TestingTenant tenant, int count) {
        await().untilAsserted(
                        () ->
                                assertThat(tenant.client().get(path(tenant)).body().path("items"))
                                        .hasSize(count));
        return tenant.client().get(path(tenant)).body();
    }

    private void report(DeadLetter letter) {
        try {
            TestingReports.raw(
                    system.bootstrap(),
                    Topics.DEAD_LETTERS,
                    letter.integration(),
                    JsonMapper.builder()
                            .build()
                            .writeValueAsString(letter)
                            .getBytes(StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Organization 0, as of a job that does not know it. */
    private static DeadLetter letter(Event event, RecordMetadata place) {
        return new DeadLetter(
                place.topic(),
                place.partition(),
                place.offset(),
                event.id().toString(),
                0,
                event.integration(),
                null,
                Reason.NO_REMOTE_KEY,
                "The resource has no \"id\u0000\".",
                null,
                1,
                event.receivedAtMicros());
    }

    private static String path(TestingTenant tenant) {
        return "/v1/organizations/" + tenant.organization() + "/dead_letters";
    }

    private TestingTenant tenant(String email) {
        return TestingTenant.of(system, email, "stripe_customer_v1");
    }
}
