package io.webhookdb.controlplane.api.onward;

import io.webhookdb.schemas.control.SubscriptionSettings.SigningKey;
import io.webhookdb.security.keyset.SecretSealer;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.EdECPrivateKey;
import java.util.Arrays;
import java.util.Base64;

/** Makes Ed25519 key pairs in the form of Standard Webhooks 1.0, "Asymmetric". */
final class SigningKeys {
    private static final int RAW_BYTES = 32;

    private SigningKeys() {}

    /** A new pair; nobody can read its private half but who delivers. */
    static SigningKey generate(String subscription, SecretSealer sealer) {
        try {
            KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            byte[] seed = ((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow();
            // X.509's form ends with the 32 bytes of the key itself (RFC 8410, 4).
            byte[] encoded = pair.getPublic().getEncoded();
            byte[] raw = Arrays.copyOfRange(encoded, encoded.length - RAW_BYTES, encoded.length);
            return new SigningKey(
                    sealer.seal("whsk_" + base64(seed), SigningKey.context(subscription)),
                    "whpk_" + base64(raw));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Ed25519 is part of JDK 17", e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
