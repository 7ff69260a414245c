package io.webhookdb.schemas.status;

/**
 * The secret that a vendor gave in a handshake, for an integration that has none. The control plane
 * stores it if a setup was begun a short while ago, and nothing otherwise.
 *
 * @param organization numeric id
 * @param integration opaque id
 * @param encrypted the secret, encrypted with the ingest keyset for the integration
 */
public record SecretLearned(long organization, String integration, String encrypted)
        implements StatusReport {
    @Override
    public String key() {
        return "secret/" + integration;
    }

    /** Without the secret, encrypted as it is. */
    @Override
    public String toString() {
        return "SecretLearned[" + integration + "]";
    }
}
