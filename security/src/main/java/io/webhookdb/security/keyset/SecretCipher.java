package io.webhookdb.security.keyset;

/**
 * Encrypts and decrypts short secrets. The context (record id and field) is bound to the
 * ciphertext: a ciphertext copied to another record or field does not decrypt.
 */
public interface SecretCipher {
    /** Base64 of the encrypted secret. */
    String encrypt(String secret, String context);

    /**
     * The secret.
     *
     * @throws SecretUnreadableException if the key, the context or the ciphertext is not the right
     *     one
     */
    String decrypt(String ciphertext, String context);
}
