package io.webhookdb.connectors.replica;

import io.webhookdb.schemas.control.OrganizationControl.Database.RunBy;
import io.webhookdb.security.outbound.OutboundPolicy;
import io.webhookdb.security.outbound.OutboundRefusedException;
import io.webhookdb.security.outbound.PinnedSocketFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.Properties;
import org.postgresql.PGProperty;

/**
 * What applies to databases whose address a customer gave: the address that was judged is dialled,
 * and it is dialled encrypted unless the operator listed it. The operator's own servers are dialled
 * as they are. Thread-safe.
 */
final class CustomerServers {
    private final OutboundPolicy policy;

    CustomerServers(OutboundPolicy policy) {
        this.policy = policy;
    }

    /**
     * Completes the driver's properties.
     *
     * @throws SQLException if the address must not be called (28000, mended only by people) or has
     *     no address now (08001)
     */
    void judge(ReplicaTarget target, Properties properties) throws SQLException {
        if (target.runBy() == RunBy.OPERATOR) {
            return;
        }
        InetAddress address;
        try {
            address = policy.resolve("postgres", target.host()).get(0);
        } catch (OutboundRefusedException e) {
            throw new SQLException(e.getMessage(), "28000", e);
        } catch (UnknownHostException e) {
            throw new SQLException("There is no host " + target.host() + " now.", "08001", e);
        }
        PGProperty.SOCKET_FACTORY.set(properties, PinnedSocketFactory.class.getName());
        PGProperty.SOCKET_FACTORY_ARG.set(properties, address.getHostAddress());
        if (policy.check("http", address).isAllowed()) {
            return;
        }
        String mode = target.sslMode();
        if ("disable".equals(mode)) {
            throw new SQLException(
                    "sslmode=disable is refused for "
                            + target.server()
                            + "; allowed: require, verify-ca, verify-full.",
                    "28000");
        }
        if (mode == null || mode.equals("prefer")) {
            PGProperty.SSL_MODE.set(properties, "require");
        }
    }
}
