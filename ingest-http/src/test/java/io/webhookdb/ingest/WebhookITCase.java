package io.webhookdb.ingest;

import static io.webhookdb.ingest.TestingControl.GITHUB;
import static io.webhookdb.ingest.TestingControl.OWNERS;
import static io.webhookdb.ingest.TestingControl.SHOPIFY;
import static io.webhookdb.ingest.TestingControl.STRIPE;
import static io.webhookdb.ingest.TestingControl.definition;
import static io.webhookdb.ingest.TestingControl.integration;
import static io.webhookdb.ingest.TestingControl.newId;
import static io.webhookdb.ingest.TestingIngest.endpoint;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.net.Webhook;
import io.webhookdb.schemas.Topics;
import io.webhookdb.schemas.catalog.Reply;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.event.Event;
import io.webhookdb.schemas.event.Origin;
import io.webhookdb.security.keyset.SecretSealer;
import io.webhookdb.security.signature.ChannelToken;
import io.webhookdb.security.signature.SignatureVerifier;
import io.webhookdb.security.signature.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookITCase {
    private static final String SECRET = "whsec_7PSKlGNbpXzhU5pcuSYI6gGoHMA0vTBW";
    private static final String BODY =
            "{\"id\": \"evt_1\", \"object\": \"event\",\n  \"data\": {\"name\": \"Zoë\"}}\n";

    private static TestingKafka kafka;
    private static TestingIngest ingest;

    @BeforeAll
    static void start() {
        kafka = TestingKafka.withTopics();
        SecretSealer sealer = (secret, context) -> "sealed for " + context;
        ingest = TestingIngest.start(kafka.bootstrap(), settings -> settings.sealer(sealer));
        kafka.control(
                definition(STRIPE), definition(GITHUB), definition(SHOPIFY), definition(OWNERS));
    }

    @AfterAll
    static void stop() {
        ingest.close();
        kafka.close();
    }

    @Test
    void storesASignedRequestByteForByteBeforeItAcknowledges() {
        String id = stripe();
        Instant before = Instant.now().truncatedTo(ChronoUnit.MICROS);

        HttpResponse<String> response =
                ingest.send(
                        ingest.post(id, BODY)
                                .header("Content-Type", "application/json; charset=utf-8")
                                .header("Authorization", "Bearer secret-token")
                                .header("Cookie", "session=1")
                                .header("X-Other", "other")
                                .header("stripe-signature", signed(BODY)));

        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(response.body()).isEqualTo("{\"o\":\"k\"}");
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
        Event event = kafka.event(Topics.EVENTS, id);
        assertThat(event.body()).isEqualTo(BODY.getBytes(UTF_8));
        assertThat(event.integrationRevision()).isEqualTo(1);
        assertThat(event.origin()).isEqualTo(Origin.WEBHOOK);
        assertThat(event.method()).isEqualTo("POST");
        assertThat(event.path()).isEqualTo(endpoint(id));
        assertThat(event.query()).isEmpty();
        assertThat(event.contentType()).isEqualTo("application/json; charset=utf-8");
        assertThat(event.verification()).isEqualTo("verified");
        assertThat(event.headers()).containsOnlyKeys("stripe-signature");
        assertThat(Instant.EPOCH.plus(event.receivedAtMicros(), ChronoUnit.MICROS))
                .isBetween(before, Instant.now());
        assertThat(event.id().version()).isEqualTo(7);
        assertThat(kafka.keyOf(Topics.EVENTS, event)).isEmpty();
    }

    @Test
    void storesWhatStripesLibraryReadsBack() throws Exception {
        String id = stripe();
        ingest.send(ingest.post(id, BODY).header("Stripe-Signature", signed(BODY)));

        Event event = kafka.event(Topics.EVENTS, id);
        assertThat(
                        Webhook.constructEvent(
                                        new String(event.body(), UTF_8),
                                        event.header("stripe-signature"),
                                        SECRET)
                                .getId())
                .isEqualTo("evt_1");
    }

    @Test
    void refusesAForgedRequestAndKeepsItForLater() {
        String id = stripe();
        String forged = Signatures.stripe("whsec_wrong", Instant.now(), BODY);

        HttpResponse<String> response =
                ingest.send(
                        ingest.post(id, BODY)
                                .header("Authorization", "Bearer secret-token")
                                .header("Stripe-Signature", forged));

        String reason = "The Stripe-Signature header does not match the webhook secret.";
        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.body()).isEqualTo("{\"message\":\"" + reason + "\"}");
        assertThat(response.headers().firstValue("Whdb-Rejected-Reason")).hasValue(reason);
        assertThat(kafka.events(Topics.EVENTS, id)).isEmpty();
        Event event = kafka.event(Topics.REJECTED, id);
        assertThat(event.verification()).isEqualTo("signature_mismatch");
        assertThat(event.body()).isEqualTo(BODY.getBytes(UTF_8));
        assertThat(event.headers()).containsExactly(Map.entry("stripe-signature", forged));
    }

    @Test
    void keepsNoCredentialOfAnOwnerInClearNeitherOfAcceptedNorOfRefusedRequests() {
        String id = newId();
        kafka.control(integration(id, OWNERS, SECRET));
        String body = "{\"type\":\"LINKED\",\"refresh_token\":\"1//tok\"}";
        for (String secret : List.of(SECRET, "wrong")) {
            ingest.send(
                    ingest.request(endpoint(id) + "?refresh_token=1//tok")
                            .POST(BodyPublishers.ofString(body))
                            .header("Whdb-Webhook-Secret", secret));
        }
        HttpResponse<String> unreadable =
                ingest.send(
                        ingest.post(id, "refresh_token=1//tok")
                                .header("Whdb-Webhook-Secret", SECRET));

        assertThat(unreadable.statusCode()).isEqualTo(400);
        for (String topic : List.of(Topics.EVENTS, Topics.REJECTED)) {
            Event event = kafka.event(topic, id);
            assertThat(new String(event.body(), UTF_8))
                    .isEqualTo(
                            "{\"type\":\"LINKED\",\"encrypted_refresh_token\":\"sealed for"
                                    + " integration/%1$s/owner/refresh_token\","
                                    + "\"encrypted_channel_key\":\"sealed for"
                                    + " integration/%1$s/owner/encrypted_channel_key\"}",
                            id);
            assertThat(event.query()).isEmpty();
        }
    }

    @Test
    void believesANotificationOnlyWithATokenMadeForItsIntegration() {
        String id = newId();
        kafka.control(integration(id, OWNERS, SECRET));
        for (String key :
                List.of(ChannelToken.key(SECRET, id), ChannelToken.key(SECRET, "svi_2"))) {
            String token = ChannelToken.make(key);
            HttpResponse<String> response =
                    ingest.send(
                            ingest.post(id, "")
                                    .header("X-Goog-Channel-ID", "c-1")
                                    .header("X-Goog-Channel-Token", token)
                                    .header("X-Goog-Resource-State", "exists"));
            boolean right = key.equals(ChannelToken.key(SECRET, id));
            assertThat(response.statusCode()).isEqualTo(right ? 202 : 401);
            assertThat(kafka.event(right ? Topics.EVENTS : Topics.REJECTED, id).headers())
                    .containsEntry("x-goog-channel-id", "c-1")
                    .doesNotContainValue(token);
        }
    }

    @Test
    void whatWasRefusedPassesAgainstItsArrivalOnceTheSecretIsRight() {
        String id = newId();
        kafka.control(integration(id, SHOPIFY, "wrong so far"));
        String signature = Signatures.shopify("right", BODY);
        assertThat(
                        ingest.send(
                                        ingest.post(id, BODY)
                                                .header("X-Shopify-Hmac-Sha256", signature))
                                .statusCode())
                .isEqualTo(401);

        Event event = kafka.event(Topics.REJECTED, id);
        assertThat(
                        SignatureVerifier.prepare(SHOPIFY.verification(), "right")
                                .verify(
                                        name -> event.header(name.toLowerCase(Locale.ROOT)),
                                        event.body(),
                                        Instant.EPOCH.plus(
                                                event.receivedAtMicros(), ChronoUnit.MICROS)))
                .isEqualTo(Verdict.Accepted.VERIFIED);
    }

    @Test
    void doesNotStoreAResentRefusalTwice() {
        String id = stripe();
        HttpResponse<String> response =
                ingest.send(ingest.post(id, BODY).header("whdb-logged-webhook-retry", "1"));

        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(kafka.events(Topics.REJECTED, id)).isEmpty();
    }

    @Test
    void refusesAnOldSignature() {
        String id = stripe();
        String old = Signatures.stripe(SECRET, Instant.now().minus(Duration.ofMinutes(6)), BODY);

        assertThat(ingest.send(ingest.post(id, BODY).header("Stripe-Signature", old)).statusCode())
                .isEqualTo(401);
        assertThat(kafka.event(Topics.REJECTED, id).verification())
                .isEqualTo("timestamp_outside_tolerance");
    }

    @Test
    void answersTheDefinitionsStatusWhileNoSecretIsSet() {
        String github = newId();
        String shopify = newId();
        kafka.control(integration(github, GITHUB, null), integration(shopify, SHOPIFY, null));

        HttpResponse<String> response = ingest.send(ingest.post(github, BODY));
        assertThat(response.statusCode()).isEqualTo(409);
        assertThat(response.headers().firstValue("Whdb-Rejected-Reason"))
                .hasValue("No webhook secret is set for this integration.");
        assertThat(ingest.send(ingest.post(shopify, BODY)).statusCode()).isEqualTo(401);
        assertThat(kafka.event(Topics.REJECTED, github).verification()).isEqualTo("no_secret");
    }

    @Test
    void verifiesGitHubAndShopify() {
        String github = newId();
        String shopify = newId();
        kafka.control(integration(github, GITHUB, "g"), integration(shopify, SHOPIFY, "s"));

        assertThat(
                        ingest.send(
                                        ingest.post(github, BODY)
                                                .header("X-GitHub-Event", "issues")
                                                .header("X-GitHub-Delivery", "d-1")
                                                .header(
                                                        "X-Hub-Signature-256",
                                                        Signatures.github("g", BODY)))
                                .statusCode())
                .isEqualTo(202);
        assertThat(
                        ingest.send(
                                        ingest.post(shopify, BODY)
                                                .header("X-Shopify-Topic", "orders/create")
                                                .header(
                                                        "X-Shopify-Hmac-Sha256",
                                                        Signatures.shopify("s", BODY)))
                                .statusCode())
                .isEqualTo(202);
        assertThat(kafka.event(Topics.EVENTS, github).headers())
                .containsEntry("x-github-event", "issues")
                .containsEntry("x-github-delivery", "d-1");
        assertThat(kafka.event(Topics.EVENTS, shopify).headers())
                .containsEntry("x-shopify-topic", "orders/create");
    }

    @Test
    void answersWhatTheDefinitionSays() {
        ServiceDefinition chatty =
                TestingControl.with(
                        STRIPE,
                        "chatty_v1",
                        STRIPE.modes(),
                        STRIPE.verification(),
                        new Reply(200, "text/xml", "<Response/>"),
                        List.of());
        String id = newId();
        kafka.control(definition(chatty), integration(id, chatty, SECRET));

        HttpResponse<String> response =
                ingest.send(ingest.post(id, BODY).header("Stripe-Signature", signed(BODY)));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("<Response/>");
        assertThat(response.headers().firstValue("Content-Type")).hasValue("text/xml");
    }

    @Test
    void takesEverythingWhereVerificationIsSwitchedOff() {
        String id = newId();
        kafka.control(TestingControl.skippingVerification(integration(id, STRIPE, SECRET)));

        HttpResponse<String> response = ingest.send(ingest.post(id, BODY));

        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(response.body()).isEqualTo("{\"o\":\"k\"}");
        assertThat(kafka.event(Topics.EVENTS, id).verification()).isEqualTo("skipped");
    }

    @Test
    void neverStoresAStaticSecret() {
        ServiceDefinition own =
                TestingControl.with(
                        STRIPE,
                        "own_v1",
                        STRIPE.modes(),
                        TestingControl.staticHeader("Whdb-Webhook-Secret"),
                        Reply.DEFAULT,
                        List.of("Whdb-Webhook-Secret", "Authorization", "X-Kept"));
        String id = newId();
        kafka.control(definition(own), integration(id, own, "s3cret"));

        for (String attempt : List.of("s3cret", "almost")) {
            ingest.send(
                    ingest.post(id, BODY)
                            .header("Whdb-Webhook-Secret", attempt)
                            .header("Authorization", "Basic s3cret")
                            .header("X-Kept", "kept"));
        }

        assertThat(kafka.event(Topics.EVENTS, id).headers())
                .containsExactly(Map.entry("x-kept", "kept"));
        assertThat(kafka.event(Topics.REJECTED, id).headers())
                .containsExactly(Map.entry("x-kept", "kept"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "PUT", "PATCH", "DELETE"})
    void takesEveryMethodWithASuffixAndAQuery(String method) {
        String id = stripe();
        HttpResponse<String> response =
                ingest.send(
                        ingest.request(endpoint(id) + "/a%2Fb/../c?x=1&y=%20z&x=2")
                                .method(method, BodyPublishers.ofString(BODY))
                                .header("Stripe-Signature", signed(BODY)));

        assertThat(response.statusCode()).isEqualTo(202);
        Event event = kafka.event(Topics.EVENTS, id);
        assertThat(event.method()).isEqualTo(method);
        assertThat(event.path()).isEqualTo(endpoint(id) + "/a%2Fb/../c");
        assertThat(event.query()).isEqualTo("x=1&y=%20z&x=2");
        assertThat(event.body()).isEqualTo(BODY.getBytes(UTF_8));
    }

    @Test
    void storesAnEmptyBodyAsNoBytes() {
        String id = stripe();
        HttpResponse<String> response =
                ingest.send(
                        ingest.request(endpoint(id))
                                .DELETE()
                                .header("Stripe-Signature", signed("")));

        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(kafka.event(Topics.EVENTS, id).body()).isEmpty();
    }

    @Test
    void storesBytesThatAreNoText() {
        String id = newId();
        kafka.control(TestingControl.skippingVerification(integration(id, STRIPE, null)));
        byte[] bytes = new byte[300_000];
        IntStream.range(0, bytes.length).forEach(i -> bytes[i] = (byte) (i * 31));

        ingest.send(ingest.request(endpoint(id)).POST(BodyPublishers.ofByteArray(bytes)));

        assertThat(kafka.event(Topics.EVENTS, id).body()).isEqualTo(bytes);
    }

    @Test
    void givesLaterRequestsLargerIds() {
        String id = stripe();
        for (int i = 0; i < 20; i++) {
            ingest.send(
                    ingest.post(id, Integer.toString(i))
                            .header("Stripe-Signature", signed(Integer.toString(i))));
        }

        assertThat(
                        kafka.events(Topics.EVENTS, id).stream()
                                .sorted(Comparator.comparing(event -> event.id().toString()))
                                .map(event -> new String(event.body(), UTF_8)))
                .containsExactlyElementsOf(
                        IntStream.range(0, 20).mapToObj(Integer::toString).toList());
    }

    @Test
    void keepsBotsThatFollowLinksOut() {
        String id = stripe();
        String slack = "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)";

        HttpResponse<String> refused =
                ingest.send(ingest.request(endpoint(id)).GET().header("User-Agent", slack));
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.headers().firstValue("Content-Type")).hasValue("text/plain");
        assertThat(kafka.events(Topics.REJECTED, id)).isEmpty();

        assertThat(
                        ingest.send(
                                        ingest.request(endpoint(id) + "?a=b&skipbotcheck")
                                                .GET()
                                                .header("Stripe-Signature", signed(""))
                                                .header("User-Agent", slack))
                                .statusCode())
                .isEqualTo(202);
        assertThat(
                        ingest.send(
                                        ingest.post(id, BODY)
                                                .header("Stripe-Signature", signed(BODY))
                                                .header("User-Agent", slack))
                                .statusCode())
                .isEqualTo(202);
    }

    @Test
    void refusesIntegrationsThatTakeNoWebhooks() {
        ServiceDefinition polled =
                TestingControl.with(
                        STRIPE,
                        "polled_v1",
                        List.of(ServiceDefinition.Mode.BACKFILL),
                        null,
                        Reply.DEFAULT,
                        List.of());
        String id = newId();
        kafka.control(definition(polled), integration(id, polled, null));

        HttpResponse<String> response = ingest.send(ingest.post(id, BODY));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("does not take webhooks");
    }

    @Test
    void answersOtherPathsAndMethodsInTheErrorEnvelope() {
        HttpResponse<String> path = ingest.send(ingest.request("/v1/other").GET());
        assertThat(path.statusCode()).isEqualTo(404);
        assertThat(path.body())
                .isEqualTo(
                        "{\"error\":{\"message\":\"Not Found\",\"status\":404,"
                                + "\"code\":\"not_found\"}}");

        HttpResponse<String> method =
                ingest.send(
                        ingest.request(endpoint(stripe()))
                                .method("OPTIONS", BodyPublishers.noBody()));
        assertThat(method.statusCode()).isEqualTo(405);
        assertThat(method.headers().firstValue("Allow"))
                .hasValue("GET, HEAD, POST, PUT, PATCH, DELETE");
    }

    @Test
    void unpacksWhatCameInGzipWhicheverFormWasSigned() throws Exception {
        String id = github();
        byte[] packed = gzip(BODY.getBytes(UTF_8));

        assertThat(packed(id, packed, BODY.getBytes(UTF_8))).isEqualTo(202);
        assertThat(packed(id, packed, packed)).isEqualTo(202);
        assertThat(packed(id, packed, "other".getBytes(UTF_8))).isEqualTo(401);
        assertThat(kafka.events(Topics.EVENTS, id))
                .hasSize(2)
                .allSatisfy(event -> assertThat(new String(event.body(), UTF_8)).isEqualTo(BODY));
        assertThat(new String(kafka.event(Topics.REJECTED, id).body(), UTF_8)).isEqualTo(BODY);
    }

    @Test
    void unpacksNoMoreThanTheLimitAndNothingThatIsBroken() throws Exception {
        String id = github();
        byte[] packed = gzip(new byte[6 << 20]);
        byte[] broken = Arrays.copyOf(gzip(BODY.getBytes(UTF_8)), 20);

        assertThat(packed(id, packed, packed)).isEqualTo(413);
        assertThat(packed(id, broken, broken)).isEqualTo(400);
        assertThat(kafka.events(Topics.EVENTS, id)).isEmpty();
    }

    /** Some clients write a charset into Content-Encoding. */
    @Test
    void takesABodyThatIsNotPackedAsItIs() throws Exception {
        String id = github();

        assertThat(packed(id, BODY.getBytes(UTF_8), BODY.getBytes(UTF_8))).isEqualTo(202);
        assertThat(new String(kafka.event(Topics.EVENTS, id).body(), UTF_8)).isEqualTo(BODY);
    }

    @Test
    void answersWhoeverOnlyAsksWhetherSomebodyIsThere() {
        String id = stripe();

        HttpResponse<String> there =
                ingest.send(ingest.request(endpoint(id)).method("HEAD", BodyPublishers.noBody()));
        HttpResponse<String> nobody =
                ingest.send(
                        ingest.request(endpoint("other")).method("HEAD", BodyPublishers.noBody()));

        assertThat(there.statusCode()).isEqualTo(200);
        assertThat(nobody.statusCode()).isEqualTo(400);
        assertThat(kafka.events(Topics.EVENTS, id)).isEmpty();
        assertThat(kafka.events(Topics.REJECTED, id)).isEmpty();
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(plain);
        }
        return packed.toByteArray();
    }

    /** The status of a body signed as GitHub signs. */
    private static int packed(String id, byte[] body, byte[] signed) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(UTF_8), "HmacSHA256"));
        return ingest.send(
                        ingest.request(endpoint(id))
                                .POST(BodyPublishers.ofByteArray(body))
                                .header("Content-Encoding", "gzip")
                                .header(
                                        "X-Hub-Signature-256",
                                        "sha256=" + HexFormat.of().formatHex(mac.doFinal(signed))))
                .statusCode();
    }

    @Test
    void reportsHealthAndMetrics() {
        double accepted = ingest.requests("accepted", 202);
        ingest.send(ingest.post(stripe(), BODY));
        String id = stripe();
        ingest.send(ingest.post(id, BODY).header("Stripe-Signature", signed(BODY)));

        assertThat(ingest.send(ingest.request("/healthz").GET()).body()).isEqualTo("{\"o\":\"k\"}");
        assertThat(ingest.requests("accepted", 202)).isEqualTo(accepted + 1);
        assertThat(ingest.requests("rejected", 401)).isPositive();
        assertThat(ingest.metric("webhookdb_ingest_publish_seconds_count")).isPositive();
        assertThat(ingest.metric("webhookdb_ingest_in_flight_bytes")).isZero();
        assertThat(ingest.send(ingest.request("/metrics").GET()).body()).doesNotContain(id);
    }

    private static String stripe() {
        String id = newId();
        kafka.control(integration(id, STRIPE, SECRET));
        return id;
    }

    private static String github() {
        String id = newId();
        kafka.control(integration(id, GITHUB, SECRET));
        return id;
    }

    private static String signed(String body) {
        return Signatures.stripe(SECRET, Instant.now(), body);
    }
}
