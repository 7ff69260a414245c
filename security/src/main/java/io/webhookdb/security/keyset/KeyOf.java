package io.webhookdb.security.keyset;

import java.nio.ByteBuffer;
import java.util.Base64;

/** Tells by which key something was encrypted: Tink writes the key's id before the ciphertext. */
public final class KeyOf {
    private static final int PREFIX = 1;
    private static final int LENGTH = 5;

    private KeyOf() {}

    /**
     * Id of the key.
     *
     * @throws IllegalArgumentException if this is nothing a keyset of ours encrypted
     */
    public static long ciphertext(String base64) {
        byte[] bytes = Base64.getDecoder().decode(base64);
        if (bytes.length < LENGTH || bytes[0] != PREFIX) {
            throw new IllegalArgumentException(
                    "No ciphertext: " + bytes.length + " bytes without the prefix of a key.");
        }
        return Integer.toUnsignedLong(ByteBuffer.wrap(bytes, 1, 4).getInt());
    }
}
