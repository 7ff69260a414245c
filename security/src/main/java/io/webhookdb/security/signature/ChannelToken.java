package io.webhookdb.security.signature;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What vendors' notifications on channels prove themselves with: a nonce and its HMAC-SHA256 under
 * a key that follows from the integration's webhook secret. Whoever makes channels has that key and
 * not the secret.
 */
public final class ChannelToken {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int NONCE_BYTES = 16;

    private ChannelToken() {}

    /** The key of an integration's channels, base64url. */
    public static String key(String webhookSecret, String integration) {
        return hmac(webhookSecret, "channels of " + integration);
    }

    /** A token of its own for one channel: {@code nonce.hmac}, 66 characters. */
    public static String make(String key) {
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        String text = encoded(nonce);
        return text + "." + hmac(key, text);
    }

    /** Whether a token was made with the key. */
    public static boolean verify(String key, String token) {
        int dot = token.indexOf('.');
        return dot > 0
                && MessageDigest.isEqual(
                        token.substring(dot + 1).getBytes(UTF_8),
                        hmac(key, token.substring(0, dot)).getBytes(UTF_8));
    }

    private static String hmac(String key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.getBytes(UTF_8), "HmacSHA256"));
            return encoded(mac.doFinal(text.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java runtime has HmacSHA256", e);
        }
    }

    private static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
