package io.webhookdb.security.signature;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.slack.api.app_backend.SlackSignature;
import com.standardwebhooks.Webhook;
import io.webhookdb.schemas.catalog.Catalog;
import io.webhookdb.schemas.catalog.Verification;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * What the vendors' own libraries sign is taken by the shipped definitions, and nothing else is.
 */
class VendorLibrariesTest {
    private static final Catalog CATALOG = Catalog.load();
    private static final Instant NOW = Instant.parse("2027-01-01T00:00:00Z");
    private static final String TIME = Long.toString(NOW.getEpochSecond());
    private static final String BODY = "{\"type\":\"event_callback\",\"text\":\"Gr\u00fc\u00dfe\"}";

    private static Verification of(String service) {
        return CATALOG.service(service).orElseThrow().verification();
    }

    @Test
    void takesWhatSlacksLibrarySigns() {
        String secret = "8f742231b10e8888abcd99yyyzzz85a5";
        String signature = new SlackSignature.Generator(secret).generate(TIME, BODY);
        Map<String, String> headers =
                Map.of("X-Slack-Signature", signature, "X-Slack-Request-Timestamp", TIME);

        assertTakes("slack_channel_v1", secret, headers);
    }

    @Test
    void takesWhatTheLibraryOfStandardWebhooksSigns() throws Exception {
        String secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        String signature = new Webhook(secret).sign("msg_1", NOW.getEpochSecond(), BODY);
        Verification clerk = of("clerk_user_v1");
        Map<String, String> headers =
                Map.of(
                        clerk.header(),
                        signature,
                        clerk.timestampHeader(),
                        TIME,
                        clerk.nonceHeader(),
                        "msg_1");

        assertTakes("clerk_user_v1", secret, headers);
    }

    private static void assertTakes(String service, String secret, Map<String, String> headers) {
        Map<String, String> anyCase = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        anyCase.putAll(headers);
        SignatureVerifier verifier = SignatureVerifier.prepare(of(service), secret);

        assertThat(verifier.verify(anyCase::get, BODY.getBytes(UTF_8), NOW).code())
                .isEqualTo("verified");
        assertThat(verifier.verify(anyCase::get, (BODY + " ").getBytes(UTF_8), NOW).code())
                .isEqualTo("signature_mismatch");
        assertThat(verifier.verify(anyCase::get, BODY.getBytes(UTF_8), NOW.plusSeconds(301)).code())
                .isEqualTo("timestamp_outside_tolerance");
        assertThat(
                        SignatureVerifier.prepare(of(service), secret.replace('8', '9'))
                                .verify(anyCase::get, BODY.getBytes(UTF_8), NOW)
                                .code())
                .isEqualTo("signature_mismatch");
    }
}
