package io.webhookdb.security.keyset;

/** Reads what a {@link SecretSealer} of the same keyset wrote. */
public interface SecretOpener {
    /**
     * The secret.
     *
     * @throws SecretUnreadableException if the key, the context or the ciphertext is not the right
     *     one
     */
    String open(String ciphertext, String context);
}
