package io.webhookdb.controlplane.api.install;

import io.webhookdb.controlplane.api.auth.Tokens;
import io.webhookdb.controlplane.api.install.CodeExchange.Connected;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.control.VendorAccess;
import io.webhookdb.security.keyset.SecretSealer;
import java.util.Optional;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Accounts that were connected and belong to no organization yet. A credential is sealed at once,
 * for the integration that is to have it; nobody here can open it again.
 */
public final class Claims {
    private final Jdbi jdbi;
    private final SecretSealer sealer;
    private final Supplier<String> integrationIds;

    /**
     * @param integrationIds new opaque ids of integrations
     */
    public Claims(Jdbi jdbi, SecretSealer sealer, Supplier<String> integrationIds) {
        this.jdbi = jdbi;
        this.sealer = sealer;
        this.integrationIds = integrationIds;
    }

    /**
     * A connected account.
     *
     * @param service the root
     * @param integration opaque id the integration has to get, as the credential is sealed for it
     * @param sealed the credential
     */
    public record Claimed(String service, String integration, String account, String sealed) {}

    /** Keeps an account for an hour; returns the claim that gets it. */
    String keep(ServiceDefinition root, Connected connected) {
        String claim = Tokens.random();
        String integration = integrationIds.get();
        String context = VendorAccess.context(integration, root.connection().tokenField());
        String sealed = sealer.seal(connected.token(), context);
        jdbi.useHandle(
                handle ->
                        handle.execute(
                                "INSERT INTO vendor_connections (claim_hash, service, integration,"
                                    + " account, credential_sealed, context) VALUES (?, ?, ?, ?, ?,"
                                    + " ?)",
                                Tokens.sha256(claim),
                                root.name(),
                                integration,
                                connected.account(),
                                sealed,
                                context));
        return claim;
    }

    /** Takes an account, once; empty if the claim is unknown, used or too old. */
    public static Optional<Claimed> take(Handle transaction, String service, String claim) {
        return transaction
                .createQuery(
                        "DELETE FROM vendor_connections WHERE claim_hash = :hash AND service ="
                                + " :service AND created_at > now() - interval '1 hour' RETURNING"
                                + " *")
                .bind("hash", Tokens.sha256(claim))
                .bind("service", service)
                .map(
                        (row, context) ->
                                new Claimed(
                                        row.getString("service"),
                                        row.getString("integration"),
                                        row.getString("account"),
                                        row.getString("credential_sealed")))
                .findOne();
    }
}
