package io.webhookdb.ingest;

import io.webhookdb.schemas.control.IntegrationControl;
import io.webhookdb.schemas.status.SecretLearned;
import io.webhookdb.security.keyset.SecretCipher;
import java.util.function.Consumer;

/**
 * Passes secrets that vendors give in handshakes on to the control plane, which alone stores them.
 * Ingest writes to no database.
 */
final class LearnedSecrets {
    private final SecretCipher cipher;
    private final Publisher publisher;

    LearnedSecrets(SecretCipher cipher, Publisher publisher) {
        this.cipher = cipher;
        this.publisher = publisher;
    }

    /**
     * Reports one.
     *
     * @param done told on some thread whether the report is durable
     */
    void report(Endpoint endpoint, String secret, Consumer<PublishResult> done) {
        publisher.report(
                new SecretLearned(
                        endpoint.organization(),
                        endpoint.integration(),
                        cipher.encrypt(
                                secret,
                                IntegrationControl.webhookSecretContext(endpoint.integration()))),
                done);
    }
}
