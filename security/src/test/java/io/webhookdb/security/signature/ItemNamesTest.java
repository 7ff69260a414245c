package io.webhookdb.security.signature;

import static io.webhookdb.security.signature.Requests.NOW;
import static io.webhookdb.security.signature.Requests.headers;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.schemas.catalog.Verification;
import io.webhookdb.schemas.catalog.Verification.Algorithm;
import io.webhookdb.schemas.catalog.Verification.Encoding;
import io.webhookdb.schemas.catalog.Verification.Scheme;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** Vendors that write the items of their header in a way of their own: Paddle, PagerDuty. */
class ItemNamesTest {
    private static final String BODY = Requests.event();
    private static final String SECRET = "pdl_ntfset_for_testing_only";

    private final SignatureVerifier paddle =
            SignatureVerifier.prepare(
                    verification(
                            Scheme.HMAC_TIMESTAMPED,
                            "Paddle-Signature",
                            5,
                            null,
                            ":",
                            "ts",
                            "h1",
                            ";"),
                    SECRET);
    private final SignatureVerifier pagerDuty =
            SignatureVerifier.prepare(
                    verification(
                            Scheme.HMAC_BODY,
                            "X-PagerDuty-Signature",
                            null,
                            "v1=",
                            null,
                            null,
                            null,
                            ","),
                    SECRET);

    @Test
    void readsTimeAndSignatureByTheirNames() {
        long time = NOW.getEpochSecond();
        String right = hmac(SECRET, time + ":" + BODY);

        assertThat(paddle("ts=" + time + ";h1=" + right)).isEqualTo("verified");
        assertThat(paddle("ts=" + time + ";h1=" + hmac("old", BODY) + ";h1=" + right))
                .isEqualTo("verified");
        assertThat(paddle("ts=" + time + ";h1=" + hmac(SECRET, time + "." + BODY)))
                .isEqualTo("signature_mismatch");
        assertThat(paddle("ts=" + (time + 1) + ";h1=" + right)).isEqualTo("signature_mismatch");
        assertThat(paddle("t=" + time + ",v1=" + right)).isEqualTo("malformed_header");
        assertThat(paddle("ts=" + time + ",h1=" + right)).isEqualTo("malformed_header");
        assertThat(paddle("ts=" + (time - 6) + ";h1=" + hmac(SECRET, (time - 6) + ":" + BODY)))
                .isEqualTo("timestamp_outside_tolerance");
    }

    @Test
    void takesAnyOfSeveralBodySignatures() {
        String right = "v1=" + hmac(SECRET, BODY);
        String wrong = "v1=" + hmac("old", BODY);

        assertThat(pagerDuty(right)).isEqualTo("verified");
        assertThat(pagerDuty(wrong + "," + right)).isEqualTo("verified");
        assertThat(pagerDuty(right + "," + wrong)).isEqualTo("verified");
        assertThat(pagerDuty("v0=" + right.substring(3) + "," + wrong))
                .isEqualTo("signature_mismatch");
        assertThat(pagerDuty("v0=" + right.substring(3))).isEqualTo("malformed_header");
    }

    @Test
    void refusesEveryChangedByteOfTheBody() {
        long time = NOW.getEpochSecond();
        String signedByPaddle = "ts=" + time + ";h1=" + hmac(SECRET, time + ":" + BODY);
        String signedByPagerDuty = "v1=" + hmac(SECRET, BODY);
        byte[] body = BODY.getBytes(UTF_8);
        for (int i = 0; i < body.length; i++) {
            body[i] ^= 1;
            assertThat(paddle.verify(headers("Paddle-Signature", signedByPaddle), body, NOW).code())
                    .isEqualTo("signature_mismatch");
            assertThat(
                            pagerDuty
                                    .verify(
                                            headers("X-PagerDuty-Signature", signedByPagerDuty),
                                            body,
                                            NOW)
                                    .code())
                    .isEqualTo("signature_mismatch");
            body[i] ^= 1;
        }
    }

    private String paddle(String header) {
        return paddle.verify(headers("Paddle-Signature", header), BODY.getBytes(UTF_8), NOW).code();
    }

    private String pagerDuty(String header) {
        return pagerDuty
                .verify(headers("X-PagerDuty-Signature", header), BODY.getBytes(UTF_8), NOW)
                .code();
    }

    private static Verification verification(
            Scheme scheme,
            String header,
            Integer toleranceSeconds,
            String prefix,
            String separator,
            String timestampKey,
            String signatureKey,
            String itemSeparator) {
        return new Verification(
                scheme,
                header,
                Algorithm.SHA256,
                Encoding.HEX,
                prefix,
                toleranceSeconds,
                null,
                "vendor documentation",
                null,
                null,
                separator,
                null,
                null,
                timestampKey,
                signatureKey,
                itemSeparator);
    }

    private static String hmac(String secret, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
