package io.webhookdb.security.signature;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.schemas.catalog.Verification;
import io.webhookdb.schemas.catalog.Verification.Algorithm;
import io.webhookdb.schemas.catalog.Verification.Encoding;
import io.webhookdb.schemas.catalog.Verification.Scheme;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class TimestampHeaderHmacTest {
    private static final String SECRET = "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==";
    private static final String TIME = "2021-03-25T05:09:27Z";
    private static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");
    private static final byte[] BODY =
            "{\"type\": \"zen:event-type:user.created\"}".getBytes(UTF_8);

    private final SignatureVerifier zendesk = SignatureVerifier.prepare(zendesk(null), SECRET);

    @Test
    void takesTimeAndBodySignedTogether() {
        assertThat(zendesk.verify(headers(TIME, sign(TIME, BODY)), BODY, NOW))
                .isEqualTo(Verdict.Accepted.VERIFIED);
    }

    @Test
    void refusesEveryChangedByteOfTheBodyAndEveryChangedCharacterOfTheHeaders() {
        String signature = sign(TIME, BODY);
        byte[] body = BODY.clone();
        for (int i = 0; i < body.length; i++) {
            for (int bit = 0; bit < 8; bit++) {
                body[i] ^= (byte) (1 << bit);
                assertThat(zendesk.verify(headers(TIME, signature), body, NOW).code())
                        .isEqualTo("signature_mismatch");
                body[i] ^= (byte) (1 << bit);
            }
        }
        for (int i = 0; i < TIME.length(); i++) {
            assertThat(zendesk.verify(headers(changed(TIME, i), signature), BODY, NOW).code())
                    .isEqualTo("signature_mismatch");
        }
        for (int i = 0; i < signature.length(); i++) {
            assertThat(zendesk.verify(headers(TIME, changed(signature, i)), BODY, NOW).code())
                    .isEqualTo("signature_mismatch");
        }
    }

    @Test
    void refusesAStartOfTheBodyThatIsHandedOutAsTime() {
        String moved = TIME + "{\"type\":";
        byte[] rest = " \"zen:event-type:user.created\"}".getBytes(UTF_8);
        assertThat(zendesk.verify(headers(moved, sign(TIME, BODY)), rest, NOW).code())
                .isEqualTo("malformed_header");
    }

    @Test
    void saysWhichHeaderIsMissing() {
        assertThat(zendesk.verify(headers(null, sign(TIME, BODY)), BODY, NOW).code())
                .isEqualTo("missing_header");
        assertThat(zendesk.verify(headers(TIME, null), BODY, NOW).code())
                .isEqualTo("missing_header");
    }

    @Test
    void comparesTheTimeWhereTheVendorSetsALimit() {
        SignatureVerifier limited = SignatureVerifier.prepare(zendesk(300), SECRET);
        for (long seconds : new long[] {-301, -300, 300, 301}) {
            String time = Long.toString(NOW.getEpochSecond() + seconds);
            assertThat(limited.verify(headers(time, sign(time, BODY)), BODY, NOW).code())
                    .isEqualTo(
                            Math.abs(seconds) <= 300 ? "verified" : "timestamp_outside_tolerance");
        }
        assertThat(limited.verify(headers(TIME, sign(TIME, BODY)), BODY, NOW).code())
                .isEqualTo("malformed_header");
    }

    private static Verification zendesk(Integer toleranceSeconds) {
        return new Verification(
                Scheme.HMAC_TIMESTAMP_HEADER,
                "X-Zendesk-Webhook-Signature",
                Algorithm.SHA256,
                Encoding.BASE64,
                null,
                toleranceSeconds,
                null,
                "Zendesk documentation",
                "X-Zendesk-Webhook-Signature-Timestamp",
                null,
                "",
                null,
                null,
                null,
                null,
                null);
    }

    private static String changed(String text, int at) {
        char other = text.charAt(at) == '7' ? '8' : '7';
        return text.substring(0, at) + other + text.substring(at + 1);
    }

    private static UnaryOperator<String> headers(String time, String signature) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.put("x-zendesk-webhook-signature-timestamp", time);
        headers.put("x-zendesk-webhook-signature", signature);
        return headers::get;
    }

    private static String sign(String time, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(SECRET.getBytes(UTF_8), "HmacSHA256"));
            mac.update(time.getBytes(UTF_8));
            return Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
