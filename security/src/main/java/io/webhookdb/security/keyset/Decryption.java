package io.webhookdb.security.keyset;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.Base64;

/** Decrypts with a keyset that may have got the needed key just now. */
final class Decryption {
    private Decryption() {}

    /** What Tink does. */
    interface Step<P> {
        byte[] decrypt(P primitive, byte[] ciphertext, byte[] context)
                throws GeneralSecurityException;
    }

    static <P> String of(
            LoadedKeyset<P> keys, Step<P> step, String ciphertext, String context) {
        try {
            byte[] bytes = Base64.getDecoder().decode(ciphertext);
            return new String(decrypted(keys, step, bytes, context.getBytes(UTF_8)), UTF_8);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new SecretUnreadableException(context, e);
        }
    }

    private static <P> byte[] decrypted(
            LoadedKeyset<P> keys, Step<P> step, byte[] bytes, byte[] context)
            throws GeneralSecurityException {
        try {
            return step.decrypt(keys.primitive(), bytes, context);
        } catch (GeneralSecurityException e) {
            if (!keys.refresh()) {
                throw e;
            }
            return step.decrypt(keys.primitive(), bytes, context);
        }
    }
}
