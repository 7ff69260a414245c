package io.webhookdb.security.signature;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.schemas.catalog.Verification;
import io.webhookdb.schemas.catalog.Verification.Jwt;
import io.webhookdb.schemas.catalog.Verification.Scheme;
import java.net.URI;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Plaid, "Webhook verification". */
class JwtSignatureTest {
    private static final Instant NOW = Instant.parse("2027-01-01T00:00:00Z");
    private static final String BODY = "{\"webhook_type\":\"ITEM\",\"item_id\":\"i1\"}";
    private static final String KEY_ID = "bfbd5111-8e33-4643-8ced-b2e642a72f3c";
    private static final Verification PLAID = plaid();

    private final KeyPair pair = pair();

    private static Verification plaid() {
        return new Verification(
                Scheme.JWT,
                "Plaid-Verification",
                null,
                null,
                null,
                300,
                null,
                "https://plaid.com/docs/api/webhooks/webhook-verification/",
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                List.of("production.plaid.com", "sandbox.plaid.com"),
                null,
                new Jwt(
                        "/webhook_verification_key/get",
                        "request_body_sha256",
                        "Whdb-Webhook-Secret"));
    }

    @Test
    void asksForTheKeyByItsIdWithTheAccountsCredentials() throws Exception {
        Verdict verdict = verdict("client:hidden", token("ES256", NOW, BODY), BODY, none());

        assertThat(verdict).isInstanceOf(Verdict.KeyNeeded.class);
        Verdict.KeyNeeded needed = (Verdict.KeyNeeded) verdict;
        assertThat(needed.url().toString())
                .startsWith("https://production.plaid.com/webhook_verification_key/get#" + KEY_ID);
        assertThat(needed.question())
                .contains("\"key_id\":\"" + KEY_ID + "\"", "\"client_id\":\"client\"", "hidden");
        assertThat(needed.toString()).doesNotContain("hidden");
        assertThat(needed.url().toString()).doesNotContain("hidden");
        Verdict other = verdict("client:other", token("ES256", NOW, BODY), BODY, none());
        assertThat(((Verdict.KeyNeeded) other).url())
                .as("what one account is refused is asked again for another")
                .isNotEqualTo(needed.url());
        Verdict sandbox = verdict("client:hidden:sandbox", token("ES256", NOW, BODY), BODY, none());
        assertThat(((Verdict.KeyNeeded) sandbox).url().getHost()).isEqualTo("sandbox.plaid.com");
    }

    @Test
    void takesATokenThatHasTheDigestOfTheBody() throws Exception {
        assertThat(code(token("ES256", NOW, BODY), BODY)).isEqualTo("verified");
        assertThat(code(token("ES256", NOW, BODY), BODY + " ")).isEqualTo("signature_mismatch");
        assertThat(code(token("ES256", NOW.minusSeconds(301), BODY), BODY))
                .isEqualTo("timestamp_outside_tolerance");
    }

    @Test
    void believesNoOtherAlgorithmAndNoOtherKey() throws Exception {
        assertThat(code(token("none", NOW, BODY), BODY)).isEqualTo("malformed_header");
        assertThat(code(token("HS256", NOW, BODY), BODY)).isEqualTo("malformed_header");
        String[] parts = token("ES256", NOW, BODY).split("\\.");
        assertThat(code(parts[0] + "." + parts[1] + ".", BODY)).isEqualTo("signature_mismatch");
        assertThat(code("a.b", BODY)).isEqualTo("malformed_header");
        assertThat(code("", BODY)).isEqualTo("missing_header");
        JwtSignatureTest other = new JwtSignatureTest();
        assertThat(code(other.token("ES256", NOW, BODY), BODY)).isEqualTo("signature_mismatch");
    }

    @Test
    void takesNoKeyThatHasExpiredOrIsAnothers() throws Exception {
        String token = token("ES256", NOW, BODY);

        assertThat(verdict("a:b", token, BODY, key(KEY_ID, NOW.getEpochSecond() - 1)).code())
                .isEqualTo("key_unavailable");
        assertThat(verdict("a:b", token, BODY, key(KEY_ID, NOW.getEpochSecond() + 1)).code())
                .isEqualTo("verified");
        assertThat(verdict("a:b", token, BODY, key("other", null)).code())
                .isEqualTo("key_unavailable");
        assertThat(verdict("a:b", token, BODY, url -> Optional.of("<html>".getBytes(UTF_8))).code())
                .isEqualTo("key_unavailable");
    }

    @Test
    void wantsBothHalvesOfTheCredentials() throws Exception {
        for (String secret : List.of("alone", ":b", "a:", "a:b:moon")) {
            assertThat(verdict(secret, token("ES256", NOW, BODY), BODY, none()).code())
                    .as(secret)
                    .isEqualTo("no_secret");
        }
    }

    @Test
    void takesTheSecretItselfWhereThereIsNoToken() throws Exception {
        assertThat(own(Map.of("Whdb-Webhook-Secret", "a:b"))).isEqualTo("verified");
        assertThat(own(Map.of("Whdb-Webhook-Secret", "a:c"))).isEqualTo("signature_mismatch");
        assertThat(own(Map.of())).isEqualTo("missing_header");
        assertThat(own(Map.of("Whdb-Webhook-Secret", "a:b", "Plaid-Verification", "a.b")))
                .as("a token that is there has to be right")
                .isEqualTo("malformed_header");
    }

    private static String own(Map<String, String> headers) {
        return SignatureVerifier.prepare(PLAID, "a:b")
                .verify(
                        new SignedRequest(
                                "POST",
                                List.of("https://hooks.example/"),
                                headers::get,
                                BODY.getBytes(UTF_8),
                                null,
                                NOW,
                                none()))
                .code();
    }

    private String code(String token, String body) {
        return verdict("client:hidden", token, body, key(KEY_ID, null)).code();
    }

    private static Verdict verdict(
            String secret, String token, String body, Function<URI, Optional<byte[]>> fetched) {
        return SignatureVerifier.prepare(PLAID, secret)
                .verify(
                        new SignedRequest(
                                "POST",
                                List.of("https://hooks.example/"),
                                Map.of("Plaid-Verification", token)::get,
                                body.getBytes(UTF_8),
                                null,
                                NOW,
                                fetched));
    }

    private static Function<URI, Optional<byte[]>> none() {
        return url -> Optional.empty();
    }

    private Function<URI, Optional<byte[]>> key(String id, Long expiredAt) {
        ECPublicKey key = (ECPublicKey) pair.getPublic();
        String json =
                "{\"key\":{\"alg\":\"ES256\",\"crv\":\"P-256\",\"kty\":\"EC\",\"use\":\"sig\",\"kid\":\""
                        + id
                        + "\",\"x\":\""
                        + coordinate(key.getW().getAffineX().toByteArray())
                        + "\",\"y\":\""
                        + coordinate(key.getW().getAffineY().toByteArray())
                        + "\",\"created_at\":1560466143,\"expired_at\":"
                        + expiredAt
                        + "},\"request_id\":\"r\"}";
        return url -> Optional.of(json.getBytes(UTF_8));
    }

    private static String coordinate(byte[] number) {
        byte[] bytes = new byte[32];
        byte[] plain = number.length > 32 ? Arrays.copyOfRange(number, 1, 33) : number;
        System.arraycopy(plain, 0, bytes, 32 - plain.length, plain.length);
        return base64(bytes);
    }

    private String token(String algorithm, Instant issued, String body) throws Exception {
        String digest =
                HexFormat.of()
                        .formatHex(
                                MessageDigest.getInstance("SHA-256").digest(body.getBytes(UTF_8)));
        String head = "{\"alg\":\"" + algorithm + "\",\"kid\":\"" + KEY_ID + "\",\"typ\":\"JWT\"}";
        String claims =
                "{\"iat\":"
                        + issued.getEpochSecond()
                        + ",\"request_body_sha256\":\""
                        + digest
                        + "\"}";
        String text = base64(head.getBytes(UTF_8)) + "." + base64(claims.getBytes(UTF_8));
        Signature signer = Signature.getInstance("SHA256withECDSAinP1363Format");
        signer.initSign(pair.getPrivate());
        signer.update(text.getBytes(UTF_8));
        return text + "." + base64(signer.sign());
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static KeyPair pair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException("Every Java runtime has P-256", e);
        }
    }
}
