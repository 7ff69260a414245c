package io.webhookdb.security.signature;

import static io.webhookdb.security.signature.RejectionReason.MALFORMED_HEADER;
import static io.webhookdb.security.signature.RejectionReason.MISSING_HEADER;
import static io.webhookdb.security.signature.RejectionReason.NO_SECRET;
import static io.webhookdb.security.signature.RejectionReason.SIGNATURE_MISMATCH;
import static io.webhookdb.security.signature.RejectionReason.TIMESTAMP_OUTSIDE_TOLERANCE;
import static io.webhookdb.security.signature.Requests.NOW;
import static io.webhookdb.security.signature.Requests.STRIPE;
import static io.webhookdb.security.signature.Requests.headers;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.exception.SignatureVerificationException;
import com.stripe.net.Webhook;
import io.webhookdb.schemas.catalog.Catalog;
import io.webhookdb.schemas.catalog.Verification;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampedHmacTest {
    private static final String SECRET = "whsec_7PSKlGNbpXzhU5pcuSYI6gGoHMA0vTBW";
    private static final String OLD_SECRET = "whsec_before_it_was_rolled";
    private static final String BODY = Requests.event();

    private final SignatureVerifier verifier = SignatureVerifier.prepare(STRIPE, SECRET);

    @Test
    void takesWhatStripesLibrarySigns() {
        assertThat(verify(header(NOW, SECRET))).isEqualTo(Verdict.Accepted.VERIFIED);
    }

    @Test
    void takesSpacesBetweenTheItems() {
        String header = header(NOW, SECRET);

        assertThat(verify(header.replace(",", ", "))).isEqualTo(Verdict.Accepted.VERIFIED);
        assertThat(verify(" " + header + " ")).isEqualTo(Verdict.Accepted.VERIFIED);
    }

    @Test
    void headersItTakesAreTakenByStripesLibrary() throws SignatureVerificationException {
        String header = header(NOW, SECRET);

        assertThat(verify(header)).isEqualTo(Verdict.Accepted.VERIFIED);
        assertThat(stripeTakes(header, NOW)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "2023-11-14T22:13:20Z, true",
        "2023-11-14T23:13:20+01:00, true",
        "2023-11-14T22:13:20, false",
        "1700000000, false",
        "'', false"
    })
    void takesTimesAsIncreaseWritesThem(String time, boolean isTaken) throws Exception {
        Verification increase =
                Catalog.load().service("increase_account_v1").orElseThrow().verification();
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(UTF_8), "HmacSHA256"));
        String signature =
                HexFormat.of().formatHex(mac.doFinal((time + "." + BODY).getBytes(UTF_8)));
        Instant now = Instant.parse("2023-11-14T22:13:30Z");

        Verdict verdict =
                SignatureVerifier.prepare(increase, SECRET)
                        .verify(
                                headers(increase.header(), "t=" + time + ",v1=" + signature),
                                BODY.getBytes(UTF_8),
                                now);

        assertThat(verdict.equals(Verdict.Accepted.VERIFIED)).isEqualTo(isTaken);
    }

    static Stream<String> headersOfManyForms() {
        String v1 = signature(NOW, SECRET);
        String wrong = signature(NOW, OLD_SECRET);
        String t = "t=" + NOW.getEpochSecond();
        return Stream.of(
                t + ",v1=" + v1,
                t + ",v1=" + v1 + ",v0=" + wrong,
                t + ",v0=" + v1,
                t + ",v0=" + v1 + ",v1=" + wrong,
                t + ",v1=" + wrong + ",v1=" + v1,
                t + ",v1=" + v1 + ",v1=" + wrong,
                t + ",v1=" + wrong + ",v1=" + wrong,
                "v1=" + v1 + "," + t,
                t + ",v1=" + v1 + ",",
                t + ",,v1=" + v1,
                t + ",V1=" + v1,
                t + ",v1=",
                t + ",v1",
                t + ",v1=" + v1 + "=",
                t + ",v1=" + v1.toUpperCase(Locale.ROOT),
                t,
                "v1=" + v1,
                t + ",t=1,v1=" + v1,
                "t=1," + t + ",v1=" + v1,
                "t=0,v1=" + v1,
                "t=-1,v1=" + v1,
                ",",
                "=",
                "t=,v1=");
    }

    @ParameterizedTest
    @MethodSource("headersOfManyForms")
    void agreesWithStripesLibrary(String header) throws SignatureVerificationException {
        assertThat(verify(header) == Verdict.Accepted.VERIFIED).isEqualTo(stripeTakes(header, NOW));
    }

    @Test
    void takesEitherSignatureWhileTheSecretIsRolled() {
        String header = header(NOW, OLD_SECRET) + ",v1=" + signature(NOW, SECRET) + ",v0=abcdef";

        assertThat(verify(header)).isEqualTo(Verdict.Accepted.VERIFIED);
        assertThat(
                        SignatureVerifier.prepare(STRIPE, OLD_SECRET)
                                .verify(headers("stripe-signature", header), body(), NOW))
                .isEqualTo(Verdict.Accepted.VERIFIED);
        assertThat(
                        SignatureVerifier.prepare(STRIPE, "whsec_other")
                                .verify(headers("stripe-signature", header), body(), NOW))
                .satisfies(verdict -> isRejected(verdict, SIGNATURE_MISMATCH));
    }

    @ParameterizedTest
    @ValueSource(longs = {-300, -299, -1, 0, 1, 299, 300})
    void takesTimesWithinTheTolerance(long seconds) {
        assertThat(verify(header(NOW.plusSeconds(seconds), SECRET)))
                .isEqualTo(Verdict.Accepted.VERIFIED);
    }

    @ParameterizedTest
    @ValueSource(longs = {-100_000_000, -301, 301, 100_000_000})
    void refusesTimesOutsideTheTolerance(long seconds) {
        isRejected(verify(header(NOW.plusSeconds(seconds), SECRET)), TIMESTAMP_OUTSIDE_TOLERANCE);
    }

    @ParameterizedTest
    @ValueSource(longs = {-301, -300, -299, 0, 300})
    void endsTheWindowInThePastWhereStripesLibraryEndsIt(long seconds)
            throws SignatureVerificationException {
        String header = header(NOW.plusSeconds(seconds), SECRET);

        assertThat(verify(header) == Verdict.Accepted.VERIFIED).isEqualTo(stripeTakes(header, NOW));
    }

    @Test
    void comparesWithTheTimeItIsGivenSoThatALateCheckStillPasses() {
        Instant longAgo = NOW.minus(Duration.ofDays(20));
        var headers = headers("Stripe-Signature", header(longAgo, SECRET));

        assertThat(verifier.verify(headers, body(), longAgo.plusSeconds(2)))
                .isEqualTo(Verdict.Accepted.VERIFIED);
        isRejected(verifier.verify(headers, body(), NOW), TIMESTAMP_OUTSIDE_TOLERANCE);
    }

    @Test
    void reportsAForgedSignatureBeforeAnOldTime() {
        isRejected(verify(header(NOW.minusSeconds(9000), OLD_SECRET)), SIGNATURE_MISMATCH);
    }

    @Test
    void refusesEveryChangedByteOfTheBody() {
        var headers = headers("Stripe-Signature", header(NOW, SECRET));
        byte[] body = body();
        assertThat(body.length).isGreaterThan(3000);
        for (int i = 0; i < body.length; i++) {
            byte original = body[i];
            for (int bit = 0; bit < 8; bit++) {
                body[i] = (byte) (original ^ (1 << bit));
                isRejected(verifier.verify(headers, body, NOW), SIGNATURE_MISMATCH);
            }
            body[i] = original;
        }
        assertThat(verifier.verify(headers, body, NOW)).isEqualTo(Verdict.Accepted.VERIFIED);
    }

    @Test
    void refusesAShorterAndALongerBody() {
        var headers = headers("Stripe-Signature", header(NOW, SECRET));
        for (String body : List.of("", BODY.substring(1), BODY + " ", BODY + "\n", " " + BODY)) {
            isRejected(verifier.verify(headers, body.getBytes(UTF_8), NOW), SIGNATURE_MISMATCH);
        }
    }

    @Test
    void refusesEveryChangedCharacterOfTheHeader() {
        String header = header(NOW, SECRET);
        for (int i = 0; i < header.length(); i++) {
            for (char c = 0; c <= 255; c++) {
                if (c != header.charAt(i)) {
                    String changed = header.substring(0, i) + c + header.substring(i + 1);
                    assertThat(verify(changed))
                            .as("position %d, character %d", i, (int) c)
                            .isInstanceOf(Verdict.Rejected.class);
                }
            }
        }
    }

    /** A doubled comma only adds an empty item, which Stripe's library ignores too. */
    @Test
    void refusesEveryMissingAndEveryDoubledCharacterOfTheHeader() {
        String header = header(NOW, SECRET);
        for (int i = 0; i < header.length(); i++) {
            String head = header.substring(0, i);
            assertThat(verify(head + header.substring(i + 1))).isInstanceOf(Verdict.Rejected.class);
            if (header.charAt(i) != ',') {
                assertThat(verify(head + header.charAt(i) + header.substring(i)))
                        .isInstanceOf(Verdict.Rejected.class);
            }
        }
    }

    @Test
    void refusesATimeThatOnlyParsesToTheSignedOne() {
        String zero = "t=0" + NOW.getEpochSecond() + ",v1=" + signature(NOW, SECRET);
        isRejected(verify(zero), SIGNATURE_MISMATCH);
        String sign = "t=+" + NOW.getEpochSecond() + ",v1=" + signature(NOW, SECRET);
        isRejected(verify(sign), MALFORMED_HEADER);
        String huge = "t=99999999999999999999,v1=" + signature(NOW, SECRET);
        isRejected(verify(huge), MALFORMED_HEADER);
    }

    @Test
    void saysWhatIsMissing() {
        isRejected(verifier.verify(Requests.noHeaders(), body(), NOW), MISSING_HEADER);
        isRejected(verify(""), MISSING_HEADER);
        isRejected(verify("hello"), MALFORMED_HEADER);
        isRejected(
                SignatureVerifier.prepare(STRIPE, null)
                        .verify(headers("Stripe-Signature", header(NOW, SECRET)), body(), NOW),
                NO_SECRET);
    }

    private Verdict verify(String header) {
        return verifier.verify(headers("Stripe-Signature", header), body(), NOW);
    }

    private static void isRejected(Verdict verdict, RejectionReason reason) {
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Rejected.class,
                        rejected -> assertThat(rejected.reason()).isEqualTo(reason));
    }

    private static byte[] body() {
        return BODY.getBytes(UTF_8);
    }

    private static String header(Instant time, String secret) {
        return "t=" + time.getEpochSecond() + ",v1=" + signature(time, secret);
    }

    private static String signature(Instant time, String secret) {
        try {
            return Webhook.Util.computeHmacSha256(secret, time.getEpochSecond() + "." + BODY);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean stripeTakes(String header, Instant now) {
        try {
            return Webhook.Signature.verifyHeader(
                    BODY, header, SECRET, 300, Clock.fixed(now, ZoneOffset.UTC));
        } catch (SignatureVerificationException | RuntimeException e) {
            return false;
        }
    }
}
