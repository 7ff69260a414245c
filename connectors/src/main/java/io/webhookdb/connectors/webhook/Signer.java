package io.webhookdb.connectors.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs as Standard Webhooks 1.0 does: HMAC-SHA256 ({@code v1}) with each secret, and Ed25519
 * ({@code v1a}) if there is a key, over {@code id.timestamp.body}. Thread-safe.
 */
public final class Signer {
    /** Signs nothing. */
    static final Signer NONE = new Signer(List.of(), Optional.empty());

    private static final String SECRET_PREFIX = "whsec_";
    private static final String PRIVATE_PREFIX = "whsk_";
    private static final String MAC = "HmacSHA256";
    private static final String EDWARDS = "Ed25519";

    /** Initialised and copied for each use: a key schedule costs as much as a small body. */
    private final List<Mac> macs;

    private final Optional<PrivateKey> key;

    private Signer(List<Mac> macs, Optional<PrivateKey> key) {
        this.macs = macs;
        this.key = key;
    }

    /**
     * @param secrets the present one first; {@code whsec_} and a key in base64, or any text, whose
     *     UTF-8 bytes are the key. Empty ones sign nothing
     * @param signingKey {@code whsk_} and 32 bytes in base64
     * @throws IllegalArgumentException if the signing key is none
     */
    public static Signer of(List<String> secrets, Optional<String> signingKey) {
        return new Signer(
                secrets.stream().filter(secret -> !secret.isEmpty()).map(Signer::mac).toList(),
                signingKey.map(Signer::privateKey));
    }

    /**
     * The value of {@code webhook-signature}; empty if there is nothing to sign with.
     *
     * @param seconds value of {@code webhook-timestamp}
     */
    public String sign(String id, long seconds, byte[] body) {
        return sign(id, seconds, List.of(body));
    }

    /** The same of a body in parts. */
    public String sign(String id, long seconds, List<byte[]> parts) {
        byte[] start = (id + "." + seconds + ".").getBytes(UTF_8);
        List<String> signatures = new ArrayList<>(macs.size() + 1);
        try {
            for (Mac prototype : macs) {
                Mac mac = (Mac) prototype.clone();
                mac.update(start);
                parts.forEach(mac::update);
                signatures.add("v1," + base64(mac.doFinal()));
            }
            if (key.isPresent()) {
                Signature signature = Signature.getInstance(EDWARDS);
                signature.initSign(key.get());
                signature.update(start);
                for (byte[] part : parts) {
                    signature.update(part);
                }
                signatures.add("v1a," + base64(signature.sign()));
            }
        } catch (GeneralSecurityException | CloneNotSupportedException e) {
            throw new IllegalStateException(MAC + " and " + EDWARDS + " are part of JDK 17", e);
        }
        return String.join(" ", signatures);
    }

    private static Mac mac(String secret) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(new SecretKeySpec(bytes(secret), MAC));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(MAC + " is part of every JDK", e);
        }
    }

    private static byte[] bytes(String secret) {
        if (secret.startsWith(SECRET_PREFIX)) {
            try {
                byte[] bytes = Base64.getDecoder().decode(secret.substring(SECRET_PREFIX.length()));
                if (bytes.length > 0) {
                    return bytes;
                }
            } catch (IllegalArgumentException e) {
                return secret.getBytes(UTF_8);
            }
        }
        return secret.getBytes(UTF_8);
    }

    private static PrivateKey privateKey(String text) {
        if (!text.startsWith(PRIVATE_PREFIX)) {
            throw new IllegalArgumentException(
                    "A signing key starts with " + PRIVATE_PREFIX + "; this one does not");
        }
        try {
            byte[] seed = Base64.getDecoder().decode(text.substring(PRIVATE_PREFIX.length()));
            return KeyFactory.getInstance(EDWARDS)
                    .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("A signing key is 32 bytes in base64", e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
