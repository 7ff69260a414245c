package io.webhookdb.security.signature;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.webhookdb.schemas.catalog.Verification;
import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A token in a header that has the digest of the body: Plaid ("Webhook verification"). Only ES256
 * is believed, whatever the token says. The key is asked for by its id, with the account's
 * credentials, and kept by whoever fetches; what is asked for is bounded there.
 */
final class JwtSignature implements SignatureVerifier {
    private static final Base64.Decoder BASE64 = Base64.getUrlDecoder();
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Pattern KEY_ID = Pattern.compile("[A-Za-z0-9_-]{1,100}");
    private static final int LONGEST = 8 << 10;
    private static final Verdict UNUSABLE =
            new Verdict.Rejected(
                    RejectionReason.KEY_UNAVAILABLE,
                    "The vendor has no valid key of the id the token names.");

    private final Verification verification;
    private final Rejections rejections;
    private final String client;
    private final String password;
    private final String address;
    private final String account;

    private JwtSignature(Verification verification, String[] secret, String host) {
        this.verification = verification;
        this.rejections =
                Rejections.of(
                        verification.header(),
                        "a token signed with ES256",
                        verification.toleranceSeconds());
        this.client = secret[0];
        this.password = secret[1];
        this.address = "https://" + host + verification.jwt().keyPath();
        // What one account may not learn is no answer to another.
        this.account =
                HexFormat.of().formatHex(sha256((client + ":" + password).getBytes(UTF_8)), 0, 8);
    }

    /** The verifier. Where the secret is not of the form the scheme needs no token is believed. */
    static SignatureVerifier of(Verification verification, String secret) {
        SignatureVerifier tokens =
                ofTokens(verification, secret).orElse(request -> Rejections.NO_CLIENT);
        String own = verification.jwt().ownHeader();
        if (own == null) {
            return tokens;
        }
        StaticHeader system = new StaticHeader(own, secret);
        return request ->
                isBlank(request.header(verification.header())) && !isBlank(request.header(own))
                        ? system.verify(request)
                        : tokens.verify(request);
    }

    private static boolean isBlank(String value) {
        return value == null || value.isEmpty();
    }

    private static Optional<SignatureVerifier> ofTokens(Verification verification, String secret) {
        String[] parts = secret.strip().split(":", -1);
        boolean whole =
                (parts.length == 2 || parts.length == 3)
                        && !parts[0].isBlank()
                        && !parts[1].isBlank();
        if (!whole) {
            return Optional.empty();
        }
        String word = parts.length == 3 ? parts[2] : "";
        return verification.keyHosts().stream()
                .filter(host -> word.isEmpty() || host.startsWith(word + "."))
                .findFirst()
                .map(host -> new JwtSignature(verification, parts, host));
    }

    @Override
    public Verdict verify(SignedRequest request) {
        String token = request.header(verification.header());
        if (isBlank(token)) {
            return rejections.missing();
        }
        String[] parts = token.split("\\.", -1);
        if (token.length() > LONGEST || parts.length != 3) {
            return rejections.malformed();
        }
        Optional<JsonNode> head = json(parts[0]);
        Optional<JsonNode> claims = json(parts[1]);
        String keyId = head.map(node -> node.path("kid").asText()).orElse("");
        if (head.isEmpty()
                || claims.isEmpty()
                || !head.get().path("alg").asText().equals("ES256")
                || !KEY_ID.matcher(keyId).matches()) {
            return rejections.malformed();
        }
        URI url = URI.create(address + "#" + keyId + "." + account);
        Optional<byte[]> fetched = request.fetched(url);
        if (fetched.isEmpty()) {
            return new Verdict.KeyNeeded(url, question(keyId));
        }
        Optional<PublicKey> key = WebKeys.of(fetched.get(), keyId, request.arrived());
        return key.isEmpty() ? UNUSABLE : judge(request, parts, claims.get(), key.get());
    }

    private Verdict judge(SignedRequest request, String[] parts, JsonNode claims, PublicKey key) {
        byte[] digest = HexFormat.of().formatHex(sha256(request.body())).getBytes(UTF_8);
        byte[] claimed =
                claims.path(verification.jwt().bodyClaim())
                        .asText()
                        .toLowerCase(Locale.ROOT)
                        .getBytes(UTF_8);
        if (!isSigned(parts, key) || !MessageDigest.isEqual(digest, claimed)) {
            return rejections.mismatch();
        }
        long issued = claims.path("iat").asLong(0);
        boolean timely =
                Math.abs(request.arrived().getEpochSecond() - issued)
                        <= verification.toleranceSeconds();
        return timely ? Verdict.Accepted.VERIFIED : rejections.outOfTime();
    }

    private static boolean isSigned(String[] parts, PublicKey key) {
        try {
            // JSON Web Signatures have both numbers side by side, not in DER (RFC 7518, 3.4).
            Signature check = Signature.getInstance("SHA256withECDSAinP1363Format");
            check.initVerify(key);
            check.update((parts[0] + "." + parts[1]).getBytes(UTF_8));
            return check.verify(BASE64.decode(parts[2]));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }

    private String question(String keyId) {
        try {
            return JSON.writeValueAsString(
                    Map.of("client_id", client, "secret", password, "key_id", keyId));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Texts cannot be written as JSON", e);
        }
    }

    private static Optional<JsonNode> json(String part) {
        try {
            JsonNode node = JSON.readTree(BASE64.decode(part));
            return node != null && node.isObject() ? Optional.of(node) : Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime has SHA-256", e);
        }
    }
}
