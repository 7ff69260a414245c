package io.webhookdb.security.signature;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.schemas.catalog.Verification;
import io.webhookdb.schemas.catalog.Verification.Scheme;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The signature is that of the example secret, id, time and body in Svix's documentation. */
class StandardWebhooksTest {
    private static final Verification SVIX =
            new Verification(
                    Scheme.STANDARD_WEBHOOKS,
                    "svix-signature",
                    null,
                    null,
                    null,
                    300,
                    null,
                    "Svix documentation",
                    "svix-timestamp",
                    null,
                    null,
                    "svix-id",
                    null,
                    null,
                    null,
                    null);
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final String ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private static final String TIME = "1614265330";
    private static final String SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    private static final String BODY = "{\"test\": 2432232314}";
    private static final Instant NOW = Instant.ofEpochSecond(1614265330);

    private final SignatureVerifier verifier = SignatureVerifier.prepare(SVIX, SECRET);

    @Test
    void takesTheDocumentedExample() {
        assertThat(verify(ID, TIME, SIGNATURE, BODY)).isEqualTo("verified");
    }

    @Test
    void takesASecretWithoutItsPrefix() {
        assertThat(
                        SignatureVerifier.prepare(SVIX, SECRET.substring(6))
                                .verify(headers(ID, TIME, SIGNATURE), BODY.getBytes(UTF_8), NOW))
                .isEqualTo(Verdict.Accepted.VERIFIED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1,AAAA %s", "%s v1,AAAA", "v1a,AAAA %s v2,BBBB"})
    void takesAnyOfSeveralSignatures(String form) {
        assertThat(verify(ID, TIME, form.formatted(SIGNATURE), BODY)).isEqualTo("verified");
    }

    @Test
    void refusesASignatureOfAnotherKind() {
        String other = SIGNATURE.replace("v1,", "v1a,");
        assertThat(verify(ID, TIME, other, BODY)).isEqualTo("malformed_header");
        assertThat(verify(ID, TIME, SIGNATURE.substring(3), BODY)).isEqualTo("malformed_header");
    }

    @Test
    void refusesEveryChangedByteOfTheBody() {
        byte[] body = BODY.getBytes(UTF_8);
        for (int i = 0; i < body.length; i++) {
            for (int bit = 0; bit < 8; bit++) {
                body[i] ^= (byte) (1 << bit);
                assertThat(verifier.verify(headers(ID, TIME, SIGNATURE), body, NOW).code())
                        .isEqualTo("signature_mismatch");
                body[i] ^= (byte) (1 << bit);
            }
        }
    }

    @Test
    void refusesEveryChangedCharacterOfTheHeaders() {
        for (int i = 0; i < ID.length(); i++) {
            assertThat(verify(changed(ID, i), TIME, SIGNATURE, BODY)).isNotEqualTo("verified");
        }
        for (int i = 0; i < TIME.length(); i++) {
            assertThat(verify(ID, changed(TIME, i), SIGNATURE, BODY)).isNotEqualTo("verified");
        }
        for (int i = 0; i < SIGNATURE.length(); i++) {
            assertThat(verify(ID, TIME, changed(SIGNATURE, i), BODY)).isNotEqualTo("verified");
        }
    }

    @Test
    void refusesWhatIsCutElsewhere() {
        assertThat(verify(ID + '.' + TIME, TIME, SIGNATURE, BODY)).isEqualTo("malformed_header");
        assertThat(verify(ID, TIME + '.', SIGNATURE, BODY)).isEqualTo("malformed_header");
    }

    @ParameterizedTest
    @CsvSource({"-301,false", "-300,true", "300,true", "301,false"})
    void refusesTimesOutsideTheTolerance(long seconds, boolean taken) {
        Verdict verdict =
                verifier.verify(
                        headers(ID, TIME, SIGNATURE),
                        BODY.getBytes(UTF_8),
                        NOW.plusSeconds(seconds));
        assertThat(verdict.code()).isEqualTo(taken ? "verified" : "timestamp_outside_tolerance");
    }

    @Test
    void saysWhichHeaderIsMissing() {
        assertThat(verify(null, TIME, SIGNATURE, BODY)).isEqualTo("missing_header");
        assertThat(verify(ID, null, SIGNATURE, BODY)).isEqualTo("missing_header");
        assertThat(verify(ID, TIME, null, BODY)).isEqualTo("missing_header");
    }

    @ParameterizedTest
    @ValueSource(strings = {"whsec_", "whsec_???", "not base64!"})
    void refusesEverythingUnderASecretThatIsNone(String secret) {
        assertThat(
                        SignatureVerifier.prepare(SVIX, secret)
                                .verify(headers(ID, TIME, SIGNATURE), BODY.getBytes(UTF_8), NOW)
                                .code())
                .isEqualTo("no_secret");
    }

    private String verify(String id, String time, String signature, String body) {
        return verifier.verify(headers(id, time, signature), body.getBytes(UTF_8), NOW).code();
    }

    private static String changed(String text, int at) {
        char other = text.charAt(at) == '7' ? '8' : '7';
        return text.substring(0, at) + other + text.substring(at + 1);
    }

    private static UnaryOperator<String> headers(String id, String time, String signature) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.put("Svix-Id", id);
        headers.put("Svix-Timestamp", time);
        headers.put("Svix-Signature", signature);
        return headers::get;
    }
}
