package io.webhookdb.connectors.replica;

import io.webhookdb.schemas.control.OrganizationControl;
import io.webhookdb.security.keyset.SecretOpener;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where organizations' rows go, with the password in clear, decrypted once per change of the
 * organization. Thread-safe.
 */
final class ReplicaTargets {
    private final SecretOpener opener;
    private final Map<Long, Known> known = new ConcurrentHashMap<>();

    private record Known(OrganizationControl.Database database, ReplicaTarget target) {}

    ReplicaTargets(SecretOpener opener) {
        this.opener = opener;
    }

    /**
     * The target of an organization.
     *
     * @throws io.webhookdb.security.keyset.SecretUnreadableException if the keyset is not the right
     *     one
     */
    ReplicaTarget of(OrganizationControl organization) {
        Known entry = known.get(organization.id());
        if (entry == null || !entry.database().equals(organization.database())) {
            String password =
                    opener.open(
                            organization.database().passwordCiphertext(),
                            OrganizationControl.ownerPasswordContext(organization.id()));
            entry =
                    new Known(
                            organization.database(),
                            ReplicaTarget.of(organization.database(), password));
            known.put(organization.id(), entry);
        }
        return entry.target();
    }
}
