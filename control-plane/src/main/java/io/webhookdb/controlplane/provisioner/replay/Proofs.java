package io.webhookdb.controlplane.provisioner.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.webhookdb.controlplane.provisioner.replay.ReplaySelection.Proof;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.control.IntegrationControl;
import io.webhookdb.security.keyset.SecretCipher;
import io.webhookdb.security.signature.SignatureVerifier;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;

/** How requests of an organization's integrations prove their origin at present. */
final class Proofs {
    private static final JsonMapper MAPPER =
            JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

    private final Supplier<SecretCipher> secrets;

    /** Over the cipher of webhook secrets, read anew each time: keys rotate. */
    Proofs(Supplier<SecretCipher> secrets) {
        this.secrets = secrets;
    }

    /**
     * By opaque id of the integration.
     *
     * @throws RuntimeException if a secret or a definition cannot be read
     */
    Map<String, Proof> of(Handle handle, long organization) {
        SecretCipher cipher = secrets.get();
        return handle.createQuery(
                        "SELECT i.opaque_id, i.verification, i.webhook_secret_encrypted,"
                                + " d.definition FROM integrations i JOIN definitions d ON d.hash ="
                                + " i.definition_hash WHERE i.organization_id = :organization AND"
                                + " i.state = 'active'")
                .bind("organization", organization)
                .reduceRows(
                        new HashMap<String, Proof>(),
                        (proofs, row) -> {
                            String id = row.getColumn("opaque_id", String.class);
                            proofs.put(
                                    id,
                                    proof(
                                            cipher,
                                            id,
                                            row.getColumn("verification", String.class),
                                            row.getColumn("webhook_secret_encrypted", String.class),
                                            row.getColumn("definition", String.class)));
                            return proofs;
                        });
    }

    private static Proof proof(
            SecretCipher secrets, String id, String mode, String encrypted, String definition) {
        if (mode.equals("skip")) {
            return new Proof.Skipped();
        }
        try {
            ServiceDefinition service = MAPPER.readValue(definition, ServiceDefinition.class);
            String secret =
                    encrypted == null
                            ? null
                            : secrets.decrypt(
                                    encrypted, IntegrationControl.webhookSecretContext(id));
            return new Proof.Signed(SignatureVerifier.prepare(service.verification(), secret));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The definition of " + id + " is unreadable", e);
        }
    }
}
