package io.webhookdb.controlplane.api.onward;

import io.webhookdb.controlplane.api.http.ApiException;
import io.webhookdb.security.connection.KafkaUrl;
import io.webhookdb.security.connection.PostgresUrl;
import io.webhookdb.security.connection.PostgresUrl.SslMode;
import io.webhookdb.security.connection.SyncTargetUrl;
import io.webhookdb.security.outbound.OutboundPolicy;
import io.webhookdb.security.outbound.OutboundRefusedException;
import io.webhookdb.security.outbound.PinnedSocketFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;

/**
 * Tries a sync target before it is stored: an empty POST, or {@code SELECT 1}. The address that was
 * judged is the one that is dialled. Of warehouses and SQS only the address is judged, to Kafka
 * only a connection is made: this process has no drivers for them, see {@link #note}.
 */
public final class SyncTargetProbe {
    private static final String TIMEOUT_SECONDS = "2";
    private static final int TIMEOUT_MILLIS = 2_000;

    private final OutboundPolicy policy;
    private final HttpSyncProbe http;

    public SyncTargetProbe(OutboundPolicy policy) {
        this.policy = policy;
        this.http = new HttpSyncProbe(policy);
    }

    /**
     * Returns if the target answers as it should.
     *
     * @throws ApiException 400 invalid_sync_target_connection, with the reason
     */
    void check(SyncTargetUrl url) {
        try {
            if (url instanceof SyncTargetUrl.Http target) {
                http.check(target.endpoint());
                return;
            }
            if (url instanceof SyncTargetUrl.Kafka kafka) {
                connect(kafka.cluster());
                return;
            }
            InetAddress address = policy.resolve(url.scheme(), url.host()).get(0);
            if (url instanceof SyncTargetUrl.Postgres postgres) {
                select(demanded(postgres.database(), address), address);
            }
        } catch (UnknownHostException e) {
            throw failed("there is no host " + url.host());
        } catch (OutboundRefusedException e) {
            throw failed(e.getMessage());
        } catch (SQLException e) {
            throw failed(reason(e));
        } catch (IOException e) {
            throw failed(e.getMessage());
        }
    }

    /** Every server is judged, and one of them must take a connection. */
    private void connect(KafkaUrl cluster) throws IOException {
        String scheme = cluster.security().isEncrypted() ? "kafka" : "http";
        Map<InetSocketAddress, InetAddress> judged = new LinkedHashMap<>();
        for (InetSocketAddress server : cluster.servers()) {
            judged.put(server, policy.resolve(scheme, server.getHostString()).get(0));
        }
        IOException last = new IOException("there is no server");
        for (Map.Entry<InetSocketAddress, InetAddress> server : judged.entrySet()) {
            try (Socket socket = new Socket()) {
                socket.connect(
                        new InetSocketAddress(server.getValue(), server.getKey().getPort()),
                        TIMEOUT_MILLIS);
                return;
            } catch (IOException e) {
                last = new IOException("there is no connection to " + cluster.bootstrap(), e);
            }
        }
        throw last;
    }

    /** What a creation is to be told of a target whose login only the sync itself can try. */
    static String note(SyncTargetUrl url) {
        return switch (url.kind()) {
            case REDSHIFT, SNOWFLAKE, KAFKA, SQS ->
                    " Login and rights are first tried by the sync, which has the driver; run"
                            + " `webhookdb dbsync list` in a minute to see its state.";
            default -> "";
        };
    }

    /** As the sync will dial it: encrypted, unless the operator listed the address. */
    private PostgresUrl demanded(PostgresUrl url, InetAddress address) {
        if (policy.check("http", address).isAllowed()) {
            return url;
        }
        return switch (url.sslMode()) {
            case DISABLE ->
                    throw failed(
                            "sslmode=disable is refused for "
                                    + url.server()
                                    + "; allowed: require, verify-ca, verify-full");
            case UNSET, PREFER -> url.with(SslMode.REQUIRE);
            default -> url;
        };
    }

    /**
     * Dialled is the address that was judged. The driver has the name all the same: certificates
     * are checked for it, and some hosts tell their databases apart by it (SNI). No startup
     * options, which poolers refuse.
     */
    private static void select(PostgresUrl url, InetAddress address) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", url.user());
        properties.setProperty("password", url.password());
        properties.setProperty("socketFactory", PinnedSocketFactory.class.getName());
        properties.setProperty("socketFactoryArg", address.getHostAddress());
        properties.setProperty("loginTimeout", TIMEOUT_SECONDS);
        properties.setProperty("connectTimeout", TIMEOUT_SECONDS);
        properties.setProperty("socketTimeout", TIMEOUT_SECONDS);
        try (Connection connection = DriverManager.getConnection(url.jdbcUrl(), properties);
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT 1");
        }
    }

    /** The driver's message may quote what it was given. */
    private static String reason(SQLException failure) {
        String state = failure.getSQLState() == null ? "none" : failure.getSQLState();
        String what =
                switch (state.length() < 2 ? "" : state.substring(0, 2)) {
                    case "08" -> "there is no connection to the database";
                    case "28" -> "the database does not accept user and password";
                    case "3D" -> "there is no database of that name";
                    case "42" -> "the user may not connect to the database";
                    default -> "the database refused";
                };
        return what + " (SQL state " + state + ")";
    }

    private static ApiException failed(String reason) {
        return ApiException.of(
                400,
                "invalid_sync_target_connection",
                "The sync target cannot be used: " + reason + ".");
    }
}
