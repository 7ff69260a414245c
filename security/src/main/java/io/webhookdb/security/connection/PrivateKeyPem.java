package io.webhookdb.security.connection;

import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;

/**
 * A private key in the place of a password: PEM, line breaks optional, so that it also fits into a
 * URL and onto a command line.
 */
public final class PrivateKeyPem {
    private static final String ANY = "-----BEGIN ";
    private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String END = "-----END PRIVATE KEY-----";

    private PrivateKeyPem() {}

    /** Whether a password is meant to be a key. */
    public static boolean isOne(String password) {
        return password.strip().startsWith(ANY);
    }

    /**
     * The key.
     *
     * @throws IllegalArgumentException saying what is expected, never quoting the key
     */
    public static PrivateKey parse(String pem) {
        String text = pem.strip();
        if (!text.startsWith(BEGIN) || !text.endsWith(END)) {
            throw invalid();
        }
        String base64 = text.substring(BEGIN.length(), text.length() - END.length());
        try {
            byte[] der = Base64.getDecoder().decode(base64.replaceAll("\\s", ""));
            return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(der));
        } catch (InvalidKeySpecException | IllegalArgumentException e) {
            // The cause may quote the key.
            throw invalid();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has RSA", e);
        }
    }

    private static IllegalArgumentException invalid() {
        return new IllegalArgumentException(
                "Not a private key. Expected an RSA key in PKCS#8 without passphrase, from "
                        + BEGIN
                        + " to "
                        + END
                        + ".");
    }
}
