package io.webhookdb.connectors.sync;

import io.webhookdb.schemas.control.OrganizationControl;
import io.webhookdb.schemas.control.OrganizationControl.Database.RunBy;
import io.webhookdb.security.connection.PostgresUrl;
import io.webhookdb.security.connection.PostgresUrl.SslMode;
import io.webhookdb.security.keyset.SecretOpener;
import io.webhookdb.security.outbound.OutboundPolicy;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Sessions with organizations' databases, as their owners. A server whose address a customer gave
 * is dialled at the address that was judged, and encrypted unless the operator listed it.
 * Thread-safe.
 */
public final class OrganizationSessions {
    private final SecretOpener opener;
    private final OutboundPolicy outbound;

    /**
     * @param outbound which of the customers' own servers may be called
     */
    public OrganizationSessions(SecretOpener opener, OutboundPolicy outbound) {
        this.opener = opener;
        this.outbound = outbound;
    }

    /**
     * Opens one, with limits on every wait and without automatic commits; the caller closes it.
     *
     * @throws SyncException if the policy refuses the address, or there is none now
     * @throws io.webhookdb.security.keyset.SecretUnreadableException if the keyset is not the right
     *     one
     */
    public Connection open(OrganizationControl organization) throws SQLException, SyncException {
        OrganizationControl.Database database = organization.database();
        PostgresUrl url =
                new PostgresUrl(
                        database.host(),
                        database.port(),
                        database.name(),
                        database.user(),
                        opener.open(
                                database.passwordCiphertext(),
                                OrganizationControl.ownerPasswordContext(organization.id())),
                        SslMode.orUnset(database.sslMode()));
        return database.runBy() == RunBy.CUSTOMER
                ? PostgresSessions.open(url, outbound)
                : PostgresSessions.open(url);
    }
}
