package io.webhookdb.security.signature;

import static io.webhookdb.security.signature.RejectionReason.MALFORMED_HEADER;
import static io.webhookdb.security.signature.RejectionReason.MISSING_HEADER;
import static io.webhookdb.security.signature.RejectionReason.NO_SECRET;
import static io.webhookdb.security.signature.RejectionReason.SIGNATURE_MISMATCH;
import static io.webhookdb.security.signature.Requests.GITHUB;
import static io.webhookdb.security.signature.Requests.NOW;
import static io.webhookdb.security.signature.Requests.SHOPIFY;
import static io.webhookdb.security.signature.Requests.headers;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BodyHmacTest {
    /** The example of GitHub's "Validating webhook deliveries", section "Testing". */
    private static final String GITHUB_SECRET = "It's a Secret to Everybody";

    private static final byte[] GITHUB_BODY = "Hello, World!".getBytes(UTF_8);
    private static final String GITHUB_SIGNATURE =
            "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

    private static final String SHOPIFY_SECRET = "hush";
    private static final byte[] SHOPIFY_BODY = Requests.event().getBytes(UTF_8);

    private final SignatureVerifier github = SignatureVerifier.prepare(GITHUB, GITHUB_SECRET);
    private final SignatureVerifier shopify = SignatureVerifier.prepare(SHOPIFY, SHOPIFY_SECRET);

    @Test
    void takesTheExampleInGitHubsDocumentation() {
        assertThat(verifyGitHub(GITHUB_SIGNATURE)).isEqualTo(Verdict.Accepted.VERIFIED);
    }

    @Test
    void takesABase64SignatureOfShopify() {
        assertThat(verifyShopify(shopifySignature(SHOPIFY_SECRET)))
                .isEqualTo(Verdict.Accepted.VERIFIED);
        isRejected(verifyShopify(shopifySignature("other")), SIGNATURE_MISMATCH);
    }

    @Test
    void takesAnEmptyBodyThatIsSigned() {
        byte[] mac = hmac("k", new byte[0]);
        assertThat(
                        SignatureVerifier.prepare(SHOPIFY, "k")
                                .verify(
                                        headers(
                                                "x-shopify-hmac-sha256",
                                                Base64.getEncoder().encodeToString(mac)),
                                        new byte[0],
                                        NOW))
                .isEqualTo(Verdict.Accepted.VERIFIED);
    }

    @Test
    void refusesEveryChangedByteOfTheBody() {
        var headers = headers("X-Shopify-Hmac-Sha256", shopifySignature(SHOPIFY_SECRET));
        byte[] body = SHOPIFY_BODY.clone();
        for (int i = 0; i < body.length; i++) {
            byte original = body[i];
            for (int bit = 0; bit < 8; bit++) {
                body[i] = (byte) (original ^ (1 << bit));
                isRejected(shopify.verify(headers, body, NOW), SIGNATURE_MISMATCH);
            }
            body[i] = original;
        }
    }

    @Test
    void refusesEveryChangedCharacterOfAHexSignature() {
        everyChange(GITHUB_SIGNATURE)
                .forEach(
                        changed ->
                                assertThat(verifyGitHub(changed))
                                        .as(changed)
                                        .isInstanceOf(Verdict.Rejected.class));
    }

    /** Also those that decode to the same bytes: the last character carries two unused bits. */
    @Test
    void refusesEveryChangedCharacterOfABase64Signature() {
        everyChange(shopifySignature(SHOPIFY_SECRET))
                .forEach(
                        changed ->
                                assertThat(verifyShopify(changed))
                                        .as(changed)
                                        .isInstanceOf(Verdict.Rejected.class));
    }

    @ParameterizedTest
    @ValueSource(strings = {"%%%", "a", "====", "\u0000", "\u00ff\u00ff", " ", "zz"})
    void treatsWhatDoesNotDecodeAsAWrongSignature(String value) {
        isRejected(verifyShopify(value), SIGNATURE_MISMATCH);
        isRejected(verifyGitHub("sha256=" + value), SIGNATURE_MISMATCH);
    }

    @Test
    void saysWhatIsWrongWithTheHeader() {
        isRejected(github.verify(Requests.noHeaders(), GITHUB_BODY, NOW), MISSING_HEADER);
        isRejected(verifyGitHub(GITHUB_SIGNATURE.substring(7)), MALFORMED_HEADER);
        isRejected(verifyGitHub("sha1=" + GITHUB_SIGNATURE.substring(7)), MALFORMED_HEADER);
        isRejected(verifyGitHub("sha256="), SIGNATURE_MISMATCH);
        for (String secret : new String[] {null, "", "  "}) {
            isRejected(
                    SignatureVerifier.prepare(GITHUB, secret)
                            .verify(
                                    headers("X-Hub-Signature-256", GITHUB_SIGNATURE),
                                    GITHUB_BODY,
                                    NOW),
                    NO_SECRET);
        }
    }

    @Test
    void servesManyThreadsAtOnce() throws Exception {
        ForkJoinPool pool = new ForkJoinPool(8);
        try {
            boolean all =
                    pool.submit(
                                    () ->
                                            IntStream.range(0, 20_000)
                                                    .parallel()
                                                    .allMatch(
                                                            i ->
                                                                    verifyGitHub(GITHUB_SIGNATURE)
                                                                            == Verdict.Accepted
                                                                                    .VERIFIED))
                            .get();
            assertThat(all).isTrue();
        } finally {
            pool.shutdownNow();
        }
    }

    private Verdict verifyGitHub(String signature) {
        return github.verify(headers("X-Hub-Signature-256", signature), GITHUB_BODY, NOW);
    }

    private Verdict verifyShopify(String signature) {
        return shopify.verify(headers("X-Shopify-Hmac-Sha256", signature), SHOPIFY_BODY, NOW);
    }

    private static Stream<String> everyChange(String text) {
        return IntStream.range(0, text.length())
                .boxed()
                .flatMap(
                        i ->
                                IntStream.rangeClosed(0, 255)
                                        .filter(c -> c != text.charAt(i))
                                        .mapToObj(
                                                c ->
                                                        text.substring(0, i)
                                                                + (char) c
                                                                + text.substring(i + 1)));
    }

    private static void isRejected(Verdict verdict, RejectionReason reason) {
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Rejected.class,
                        rejected -> assertThat(rejected.reason()).isEqualTo(reason));
    }

    private static String shopifySignature(String secret) {
        return Base64.getEncoder().encodeToString(hmac(secret, SHOPIFY_BODY));
    }

    private static byte[] hmac(String secret, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
