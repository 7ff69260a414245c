package io.webhookdb.ingest;

import static io.webhookdb.ingest.TestingControl.definition;
import static io.webhookdb.ingest.TestingControl.integration;
import static io.webhookdb.ingest.TestingControl.newId;
import static io.webhookdb.ingest.TestingControl.ofOrganization;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.schemas.Topics;
import io.webhookdb.schemas.catalog.Catalog;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.control.IntegrationControl;
import io.webhookdb.schemas.status.SecretLearned;
import io.webhookdb.schemas.status.StatusCodec;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Requests that ask whether somebody is there, and proofs that need more than headers and body. */
class HandshakeITCase {
    private static final String SECRET = "s3cret";

    private static TestingKafka kafka;
    private static TestingIngest ingest;

    @BeforeAll
    static void start() {
        kafka = TestingKafka.withTopics();
        ingest =
                TestingIngest.start(
                        kafka.bootstrap(),
                        settings -> settings.trustedProxies(List.of("127.0.0.0/8", "10.0.0.0/8")));
    }

    @AfterAll
    static void stop() {
        ingest.close();
        kafka.close();
    }

    /** Slack, "url_verification event". */
    @Test
    void returnsTheChallengeOfSlackToSlackAlone() {
        String id = of("slack_user_v1");
        String body =
                "{\"token\":\"t\",\"challenge\":\"3eZbrw1aB10FEMAGAZd4\",\"type\":\"url_verification\"}";
        String time = Long.toString(Instant.now().getEpochSecond());
        String right = "v0=" + hex("v0:" + time + ":" + body);

        HttpResponse<String> answer = slack(id, body, time, right);
        HttpResponse<String> forged = slack(id, body, time, "v0=" + hex("v0:" + time + ":{}"));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"challenge\":\"3eZbrw1aB10FEMAGAZd4\"}");
        assertThat(forged.statusCode()).isEqualTo(401);
        assertThat(kafka.events(Topics.EVENTS, id)).isEmpty();
    }

    /** Zoom, "Validate your webhook endpoint". */
    @Test
    void signsTheTokenOfZoom() {
        String id = of("zoom_meeting_v1");
        String body =
                "{\"event\":\"endpoint.url_validation\",\"event_ts\":1,\"payload\":{\"plainToken\":\"qgg8vlvZRS6UYooatFL8Aw\"}}";
        String time = Long.toString(Instant.now().getEpochSecond());

        HttpResponse<String> answer =
                ingest.send(
                        ingest.post(id, body)
                                .header("x-zm-request-timestamp", time)
                                .header("x-zm-signature", "v0=" + hex("v0:" + time + ":" + body)));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .isEqualTo(
                        "{\"plainToken\":\"qgg8vlvZRS6UYooatFL8Aw\",\"encryptedToken\":\""
                                + hex("qgg8vlvZRS6UYooatFL8Aw")
                                + "\"}");
        assertThat(kafka.events(Topics.EVENTS, id)).isEmpty();
    }

    /** Front, "Application webhooks": the challenge is in a header. */
    @Test
    void returnsTheChallengeOfFront() {
        String id = of("front_message_v1");
        String time = Long.toString(Instant.now().toEpochMilli());
        String signature = Base64.getEncoder().encodeToString(mac(time + ":{}"));

        HttpResponse<String> answer =
                ingest.send(
                        ingest.post(id, "{}")
                                .header("X-Front-Challenge", "c1")
                                .header("X-Front-Request-Timestamp", time)
                                .header("X-Front-Signature", signature));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"challenge\":\"c1\"}");
    }

    /** Asana, "Webhook security": the secret comes in the handshake; the value is Asana's own. */
    @Test
    void reportsTheSecretOfAsanaWhileThereIsNoneAndAnswersOnlyThen() {
        String secret = "b537207f20cbfa02357cf448134da559e8bd39d61597dcd5631b8012eae53e81";
        ServiceDefinition service = Catalog.load().service("asana_event_v1").orElseThrow();
        String id = newId();
        kafka.control(definition(service));
        kafka.control(integration(id, service, null));
        String other = of("asana_event_v1");

        HttpResponse<String> answer =
                ingest.send(ingest.post(id, "").header("X-Hook-Secret", secret));
        HttpResponse<String> known =
                ingest.send(ingest.post(other, "").header("X-Hook-Secret", secret));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("X-Hook-Secret")).contains(secret);
        assertThat(known.statusCode()).isEqualTo(401);
        assertThat(known.headers().firstValue("X-Hook-Secret")).isEmpty();
        assertThat(learned(id))
                .singleElement()
                .satisfies(
                        report ->
                                assertThat(
                                                TestingControl.CIPHER.decrypt(
                                                        report.encrypted(),
                                                        IntegrationControl.webhookSecretContext(
                                                                id)))
                                        .isEqualTo(secret));
        assertThat(learned(other)).isEmpty();
    }

    /** Square signs the URL: behind proxies that is another one than this process listens at. */
    @Test
    void verifiesTheUrlTheSenderKnows() {
        String id = of("square_payment_v1");
        String body = "{\"merchant_id\":\"m\",\"type\":\"payment.created\"}";
        String path = TestingIngest.endpoint(id);
        try (TestingIngest behind =
                TestingIngest.start(
                        kafka.bootstrap(),
                        settings -> settings.publicUrl("https://hooks.example/in/"))) {
            assertThat(square(behind, id, body, "https://hooks.example/in" + path)).isEqualTo(202);
            assertThat(square(behind, id, body, behind.uri(path).toString())).isEqualTo(401);
        }
        assertThat(square(ingest, id, body, ingest.uri(path).toString())).isEqualTo(202);
        assertThat(square(ingest, id, body, ingest.uri(path).toString().replace("http:", "https:")))
                .isEqualTo(202);
        assertThat(square(ingest, id, body, "https://other.example" + path)).isEqualTo(401);
    }

    /** Increase and Front post everything to one URL. */
    @Test
    void handsWhatReachesARootToTheTablesOfItsKindAndOrganization() {
        String root = of(50, "increase_app_v1");
        String accounts = of(50, "increase_account_v1");
        String transfers = of(50, "increase_ach_transfer_v1");
        String events = of(50, "increase_event_v1");
        String foreign = of(51, "increase_account_v1");
        String body =
                "{\"id\":\"event_1\",\"type\":\"event\",\"associated_object_type\":\"account\","
                        + "\"associated_object_id\":\"account_1\"}";
        String time = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();

        HttpResponse<String> answer =
                ingest.send(
                        ingest.post(root, body)
                                .header(
                                        "Increase-Webhook-Signature",
                                        "t=" + time + ",v1=" + hex(time + "." + body)));

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(new String(kafka.event(Topics.EVENTS, accounts).body(), UTF_8)).isEqualTo(body);
        assertThat(kafka.event(Topics.EVENTS, events).verification()).isEqualTo("verified");
        assertThat(kafka.events(Topics.EVENTS, root)).hasSize(1);
        assertThat(kafka.events(Topics.EVENTS, transfers)).isEmpty();
        assertThat(kafka.events(Topics.EVENTS, foreign)).isEmpty();
    }

    @Test
    void handsNothingOnThatWasNotProved() {
        String root = of(52, "front_marketplace_root_v1");
        String messages = of(52, "front_message_v1");
        String conversations = of(52, "front_conversation_v1");
        String event = "{\"payload\":{\"target\":{\"_meta\":{\"type\":\"message\"}}}}";

        assertThat(front(root, event, "forged")).isEqualTo(401);
        assertThat(kafka.events(Topics.EVENTS, messages)).isEmpty();
        assertThat(front(root, event, base64("1694046471423:" + event))).isEqualTo(200);
        assertThat(kafka.events(Topics.EVENTS, messages)).hasSize(1);
        assertThat(kafka.events(Topics.EVENTS, conversations)).isEmpty();

        String untargeted = "{\"payload\":{}}";
        assertThat(front(root, untargeted, base64("1694046471423:" + untargeted))).isEqualTo(200);
        assertThat(kafka.events(Topics.EVENTS, conversations)).hasSize(1);
    }

    private static int front(String id, String body, String signature) {
        return ingest.send(
                        ingest.post(id, body)
                                .header("X-Front-Request-Timestamp", "1694046471423")
                                .header("X-Front-Signature", signature))
                .statusCode();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(mac(text));
    }

    /**
     * Where proxies add to the header, only the address of the last one that is believed counts.
     */
    @Test
    void keepsTheAddressOfWhoeverIsRecorded() {
        String id = of("url_recorder_v1");

        ingest.send(ingest.post(id, "x"));
        ingest.send(ingest.post(id, "y").header("X-Forwarded-For", "1.1.1.1, 203.0.113.9"));

        assertThat(kafka.events(Topics.EVENTS, id))
                .extracting(event -> event.header("x-forwarded-for"))
                .containsExactly("127.0.0.1", "203.0.113.9");
    }

    /** Postmark's addresses, as the last trusted proxy saw them. */
    @Test
    void believesTrustedProxiesWhereARequestComesFrom() {
        String id = of("postmark_inbound_message_v1");

        assertThat(postmark(id, "3.134.147.250")).isEqualTo(202);
        assertThat(postmark(id, "1.2.3.4, 3.134.147.250, 10.0.0.7")).isEqualTo(202);
        assertThat(postmark(id, "3.134.147.250, 1.2.3.4")).isEqualTo(401);
        assertThat(postmark(id, "no address")).isEqualTo(401);
        assertThat(ingest.send(ingest.post(id, "{}")).statusCode()).isEqualTo(401);
    }

    private static int postmark(String id, String forwarded) {
        return ingest.send(
                        ingest.post(id, "{\"MessageID\":\"1\"}")
                                .header("X-Forwarded-For", forwarded))
                .statusCode();
    }

    private static int square(TestingIngest at, String id, String body, String url) {
        return at.send(
                        at.post(id, body)
                                .header(
                                        "x-square-hmacsha256-signature",
                                        Base64.getEncoder().encodeToString(mac(url + body))))
                .statusCode();
    }

    private static HttpResponse<String> slack(
            String id, String body, String time, String signature) {
        return ingest.send(
                ingest.post(id, body)
                        .header("X-Slack-Request-Timestamp", time)
                        .header("X-Slack-Signature", signature));
    }

    private static List<SecretLearned> learned(String id) {
        return kafka.records(Topics.STATUS).stream()
                .map(record -> StatusCodec.decode(record.value()))
                .filter(SecretLearned.class::isInstance)
                .map(SecretLearned.class::cast)
                .filter(report -> report.integration().equals(id))
                .toList();
    }

    private static String of(long organization, String service) {
        ServiceDefinition definition = Catalog.load().service(service).orElseThrow();
        String id = newId();
        kafka.control(
                definition(definition),
                ofOrganization(organization, integration(id, definition, SECRET)));
        return id;
    }

    private static String of(String service) {
        ServiceDefinition definition = Catalog.load().service(service).orElseThrow();
        String id = newId();
        kafka.control(definition(definition), integration(id, definition, SECRET));
        return id;
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(mac(text));
    }

    private static byte[] mac(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(SECRET.getBytes(UTF_8), "HmacSHA256"));
            return mac.doFinal(text.getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
