package io.webhookdb.controlplane.provisioner.status;

import io.webhookdb.controlplane.database.ProvisioningQueue;
import io.webhookdb.schemas.status.SecretLearned;
import io.webhookdb.schemas.status.StatusReport;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Stores the secret a vendor gave in a handshake: once, while the integration has none, and within
 * the time after somebody began its setup. Whoever comes later or again changes nothing.
 */
final class SecretLearnedHandler implements StatusHandler {
    private static final String STORE =
            "UPDATE integrations SET webhook_secret_encrypted = :secret, revision = revision + 1"
                    + " WHERE opaque_id = :integration AND organization_id = :organization AND"
                    + " state = 'active' AND webhook_secret_encrypted IS NULL AND"
                    + " secret_window_until > now() RETURNING id";

    @Override
    public boolean takes(StatusReport report) {
        return report instanceof SecretLearned;
    }

    @Override
    public void apply(List<StatusReport> reports, Handle handle) {
        for (StatusReport report : reports) {
            stored((SecretLearned) report, handle)
                    .ifPresent(
                            id ->
                                    ProvisioningQueue.add(
                                            handle, ProvisioningQueue.Kind.INTEGRATION, id));
        }
    }

    private static Optional<Long> stored(SecretLearned report, Handle handle) {
        return handle.createQuery(STORE)
                .bind("secret", report.encrypted())
                .bind("integration", report.integration())
                .bind("organization", report.organization())
                .mapTo(Long.class)
                .findOne();
    }
}
