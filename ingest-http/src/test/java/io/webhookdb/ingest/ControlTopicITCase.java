package io.webhookdb.ingest;

import static io.webhookdb.ingest.TestingControl.GITHUB;
import static io.webhookdb.ingest.TestingControl.SHOPIFY;
import static io.webhookdb.ingest.TestingControl.definition;
import static io.webhookdb.ingest.TestingControl.deleted;
import static io.webhookdb.ingest.TestingControl.integration;
import static io.webhookdb.ingest.TestingControl.newId;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.schemas.Topics;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.IntegrationControl;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ControlTopicITCase {
    private static final String BODY = "{\"a\":1}";

    private static TestingKafka kafka;
    private static TestingIngest ingest;

    @BeforeAll
    static void start() {
        kafka = TestingKafka.withTopics();
        ingest = TestingIngest.start(kafka.bootstrap(), settings -> settings);
        kafka.control(definition(SHOPIFY), definition(GITHUB));
    }

    @AfterAll
    static void stop() {
        ingest.close();
        kafka.close();
    }

    @Test
    void aNewRevisionBringsANewSecret() {
        String id = newId();
        kafka.control(integration(id, 1, SHOPIFY, "old"));
        assertThat(send(id, "old").statusCode()).isEqualTo(202);

        kafka.control(integration(id, 2, SHOPIFY, "new"));
        settled();

        assertThat(send(id, "new").statusCode()).isEqualTo(202);
        assertThat(send(id, "old").statusCode()).isEqualTo(401);
        assertThat(kafka.events(Topics.EVENTS, id))
                .extracting(event -> event.integrationRevision())
                .containsExactlyInAnyOrder(1L, 2L);
    }

    @Test
    void anOlderOrRepeatedRevisionChangesNothing() {
        String id = newId();
        kafka.control(
                integration(id, 5, SHOPIFY, "five"),
                integration(id, 4, SHOPIFY, "four"),
                integration(id, 5, SHOPIFY, "other five"),
                deleted(3, integration(id, SHOPIFY, null)));
        settled();

        assertThat(send(id, "five").statusCode()).isEqualTo(202);
        assertThat(send(id, "four").statusCode()).isEqualTo(401);
    }

    @Test
    void aDeletedIntegrationIsUnknownAtOnce() {
        String id = newId();
        IntegrationControl active = integration(id, 1, SHOPIFY, "s");
        kafka.control(active);
        assertThat(send(id, "s").statusCode()).isEqualTo(202);

        kafka.control(deleted(2, active), active);
        settled();

        HttpResponse<String> response = send(id, "s");
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("No integration with that id");
    }

    @Test
    void recordsThatCannotBeReadAreCountedAndPassed() {
        double before = ingest.metric("webhookdb_ingest_control_undecodable_total");
        kafka.controlBytes("integration/svi_poison", "not json".getBytes(UTF_8));
        kafka.controlBytes("integration/svi_new_kind", "{\"kind\":\"planet\"}".getBytes(UTF_8));
        kafka.controlBytes("integration/svi_hollow", "{\"kind\":\"integration\"}".getBytes(UTF_8));
        kafka.controlBytes("integration/svi_tombstone", null);
        String id = newId();
        kafka.control(integration(id, SHOPIFY, "s"));

        assertThat(send(id, "s").statusCode()).isEqualTo(202);
        assertThat(ingest.metric("webhookdb_ingest_control_undecodable_total"))
                .isEqualTo(before + 3);
    }

    @Test
    void aSecretThatCannotBeOpenedStopsOnlyItsIntegrationAndOnlyForAsLong() {
        String id = newId();
        String other = newId();
        String foreign = TestingControl.newCipher().encrypt("s", "elsewhere");
        kafka.control(sealed(id, foreign), integration(other, SHOPIFY, "s"));
        settled();

        HttpResponse<String> response = send(id, "s");
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).isPresent();
        assertThat(send(other, "s").statusCode()).isEqualTo(202);

        kafka.control(integration(id, SHOPIFY, "s"));
        settled();
        assertThat(send(id, "s").statusCode()).isEqualTo(202);
    }

    private static IntegrationControl sealed(String id, String ciphertext) {
        IntegrationControl integration = integration(id, SHOPIFY, "s");
        return new IntegrationControl(
                id,
                integration.organization(),
                1,
                State.ACTIVE,
                integration.service(),
                integration.definition(),
                integration.table(),
                ciphertext,
                integration.verificationMode(),
                1);
    }

    /** Everything published so far is applied: the topic is read in order. */
    private static void settled() {
        String marker = newId();
        kafka.control(integration(marker, SHOPIFY, "s"));
        Awaitility.await()
                .atMost(Duration.ofSeconds(5))
                .until(() -> send(marker, "s").statusCode() == 202);
    }

    private static HttpResponse<String> send(String id, String secret) {
        return ingest.send(
                ingest.post(id, BODY)
                        .header("X-Shopify-Hmac-Sha256", Signatures.shopify(secret, BODY)));
    }
}
