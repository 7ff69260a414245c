package io.webhookdb.security.keyset;

/**
 * A ciphertext cannot be read with this keyset. A configuration failure; retrying does not help.
 */
public final class SecretUnreadableException extends RuntimeException {
    SecretUnreadableException(String context, Throwable cause) {
        super(
                "The secret of "
                        + context
                        + " cannot be decrypted: wrong keyset, or stored for another record.",
                cause);
    }
}
