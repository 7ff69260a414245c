package io.webhookdb.security.keyset;

/** Encrypts with a public key: whoever holds only this cannot read what it wrote. */
public interface SecretSealer {
    /** Base64 of the sealed secret, bound to the context. */
    String seal(String secret, String context);
}
