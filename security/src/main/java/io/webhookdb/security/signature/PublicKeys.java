package io.webhookdb.security.signature;

import io.webhookdb.schemas.catalog.Verification;
import io.webhookdb.schemas.catalog.Verification.Algorithm;
import io.webhookdb.schemas.catalog.Verification.Encoding;
import io.webhookdb.schemas.catalog.Verification.KeyForm;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.HexFormat;
import java.util.Optional;

/** Reads public keys and checks signatures with them. */
final class PublicKeys {
    /** SubjectPublicKeyInfo of an Ed25519 key, before its 32 bytes (RFC 8410, section 4). */
    private static final byte[] ED25519_PREFIX =
            HexFormat.of().parseHex("302a300506032b6570032100");

    private PublicKeys() {}

    /** The key a vendor shows its customers; empty if the text is none. */
    static Optional<PublicKey> of(Verification verification, String text) {
        String plain = text.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
        try {
            byte[] bytes =
                    verification.keyForm() == KeyForm.HEX
                            ? HexFormat.of().parseHex(plain)
                            : Base64.getDecoder().decode(plain);
            return Optional.of(key(verification.algorithm(), bytes));
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    /** An Ed25519 key of 32 bytes, or its SubjectPublicKeyInfo. */
    static PublicKey ed25519(byte[] bytes) throws GeneralSecurityException {
        byte[] spki = bytes;
        if (bytes.length == 32) {
            spki = new byte[ED25519_PREFIX.length + 32];
            System.arraycopy(ED25519_PREFIX, 0, spki, 0, ED25519_PREFIX.length);
            System.arraycopy(bytes, 0, spki, ED25519_PREFIX.length, 32);
        }
        return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(spki));
    }

    private static PublicKey key(Algorithm algorithm, byte[] bytes)
            throws GeneralSecurityException {
        return switch (algorithm) {
            case ED25519 -> ed25519(bytes);
            case ECDSA_SHA256 ->
                    KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(bytes));
            case RSA_SHA1, RSA_SHA256 ->
                    KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(bytes));
            case SHA1, SHA256, SHA512 ->
                    throw new IllegalArgumentException(algorithm + " has no public key.");
        };
    }

    /** The key of a certificate that is valid then; empty if it is none, or not valid. */
    static Optional<PublicKey> ofCertificate(byte[] pem, Instant then) {
        try {
            X509Certificate certificate =
                    (X509Certificate)
                            CertificateFactory.getInstance("X.509")
                                    .generateCertificate(new ByteArrayInputStream(pem));
            certificate.checkValidity(Date.from(then));
            return Optional.of(certificate.getPublicKey());
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    /** Whether a signature is that of these pieces. */
    static boolean matches(
            Algorithm algorithm,
            PublicKey key,
            Encoding encoding,
            String signature,
            byte[]... text) {
        String name =
                switch (algorithm) {
                    case ED25519 -> "Ed25519";
                    case ECDSA_SHA256 -> "SHA256withECDSA";
                    case RSA_SHA1 -> "SHA1withRSA";
                    case RSA_SHA256 -> "SHA256withRSA";
                    case SHA1, SHA256, SHA512 ->
                            throw new IllegalArgumentException(algorithm + " has no public key.");
                };
        try {
            byte[] bytes =
                    encoding == Encoding.HEX
                            ? HexFormat.of().parseHex(signature)
                            : Base64.getDecoder().decode(signature);
            Signature check = Signature.getInstance(name);
            check.initVerify(key);
            for (byte[] piece : text) {
                check.update(piece);
            }
            return check.verify(bytes);
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            return false;
        }
    }
}
