package io.webhookdb.security.signature;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/** Reads JSON Web Keys (RFC 7517) of the curve P-256. */
final class WebKeys {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private WebKeys() {}

    /** The key of that id, valid then, in {@code {"key": {...}}}; empty if it is none. */
    static Optional<PublicKey> of(byte[] answer, String id, Instant then) {
        try {
            JsonNode key = JSON.readTree(answer).path("key");
            JsonNode expired = key.path("expired_at");
            boolean usable =
                    key.path("kty").asText().equals("EC")
                            && key.path("crv").asText().equals("P-256")
                            && key.path("kid").asText().equals(id)
                            && (!expired.isNumber() || expired.asLong() > then.getEpochSecond());
            if (!usable) {
                return Optional.empty();
            }
            AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
            curve.init(new ECGenParameterSpec("secp256r1"));
            return Optional.of(
                    KeyFactory.getInstance("EC")
                            .generatePublic(
                                    new ECPublicKeySpec(
                                            new ECPoint(
                                                    number(key.path("x").asText()),
                                                    number(key.path("y").asText())),
                                            curve.getParameterSpec(ECParameterSpec.class))));
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static BigInteger number(String text) {
        return new BigInteger(1, Base64.getUrlDecoder().decode(text));
    }
}
