package io.webhookdb.security.signature;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.webhookdb.schemas.catalog.Verification;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.function.Function;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A keyed digest, looked up and initialized once and copied for each request. The prototype is
 * never fed, so copying it needs no lock.
 */
final class PreparedMac {
    private final Mac prototype;
    private final Function<byte[], String> encoder;

    private PreparedMac(Mac prototype, Function<byte[], String> encoder) {
        this.prototype = prototype;
        this.encoder = encoder;
    }

    /**
     * The digest and encoding of a vendor under a secret.
     *
     * @throws IllegalArgumentException if the verification names no algorithm or encoding
     */
    static PreparedMac of(Verification verification, String secret) {
        if (verification.algorithm() == null || verification.encoding() == null) {
            throw new IllegalArgumentException(
                    "Verification "
                            + verification.scheme()
                            + " by "
                            + verification.header()
                            + " needs an algorithm and an encoding.");
        }
        byte[] key =
                switch (verification.keyForm()) {
                    case TEXT -> secret.getBytes(UTF_8);
                    case BASE64 -> Base64.getDecoder().decode(secret.strip());
                    case HEX -> HexFormat.of().parseHex(secret.strip());
                };
        return of(verification.algorithm(), verification.encoding(), key);
    }

    /** The digest and encoding under the bytes of a key, of which there is at least one. */
    static PreparedMac of(
            Verification.Algorithm digest, Verification.Encoding encoding, byte[] key) {
        String algorithm =
                switch (digest) {
                    case SHA1 -> "HmacSHA1";
                    case SHA256 -> "HmacSHA256";
                    case SHA512 -> "HmacSHA512";
                    case ECDSA_SHA256, ED25519, RSA_SHA1, RSA_SHA256 ->
                            throw new IllegalArgumentException(digest + " is no digest.");
                };
        Function<byte[], String> encoder =
                switch (encoding) {
                    case HEX -> HexFormat.of()::formatHex;
                    case BASE64 -> Base64.getEncoder()::encodeToString;
                };
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(key, algorithm));
            return new PreparedMac(mac, encoder);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(algorithm + " is part of every Java platform", e);
        }
    }

    /** The signature of these parts, one after the other. */
    Expected sign(byte[]... parts) {
        Mac mac;
        try {
            mac = (Mac) prototype.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(
                    "The provider of " + prototype.getAlgorithm() + " cannot copy it", e);
        }
        for (byte[] part : parts) {
            mac.update(part);
        }
        return new Expected(encoder.apply(mac.doFinal()).getBytes(US_ASCII));
    }

    /** The one signature that is right. */
    static final class Expected {
        private final byte[] encoded;

        private Expected(byte[] encoded) {
            this.encoded = encoded;
        }

        /** The signature as text. */
        String encoded() {
            return new String(encoded, US_ASCII);
        }

        /**
         * Compares in constant time, and the text rather than the bytes it stands for: encodings
         * have several spellings of the same bytes (upper-case hex, stray bits at the end of
         * base64), vendors write one, and a text that does not decode is simply a wrong one.
         */
        boolean is(String candidate) {
            return MessageDigest.isEqual(candidate.getBytes(UTF_8), encoded);
        }
    }
}
