package io.webhookdb.controlplane.database;

import io.webhookdb.security.connection.PostgresUrl;
import io.webhookdb.security.connection.PostgresUrl.SslMode;
import io.webhookdb.security.outbound.OutboundPolicy;
import io.webhookdb.security.outbound.OutboundRefusedException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.SQLException;

/** How a database is dialled whose address a customer gave. */
public final class CustomerUrl {
    private CustomerUrl() {}

    /**
     * The URL dialled at the address that was judged, since the driver would look the name up once
     * more. Encrypted, unless the operator listed the address.
     *
     * @throws SQLException 28000 if it must not be called, 08001 if there is no such host now
     */
    public static PostgresUrl judged(PostgresUrl url, OutboundPolicy policy) throws SQLException {
        InetAddress address;
        try {
            address = policy.resolve("postgres", url.host()).get(0);
        } catch (OutboundRefusedException e) {
            throw new SQLException(e.getMessage(), "28000", e);
        } catch (UnknownHostException e) {
            throw new SQLException("There is no host " + url.host() + " now", "08001", e);
        }
        SslMode mode = url.sslMode();
        if (!policy.check("http", address).isAllowed()) {
            if (mode == SslMode.DISABLE) {
                throw new SQLException(
                        "sslmode=disable is refused for "
                                + url.server()
                                + "; allowed: require, verify-ca, verify-full",
                        "28000");
            }
            if (mode == SslMode.UNSET || mode == SslMode.PREFER) {
                mode = SslMode.REQUIRE;
            }
        }
        return url.with(mode).at(address);
    }
}
