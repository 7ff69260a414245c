package io.webhookdb.controlplane.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.webhookdb.controlplane.SharedControlPlane;
import io.webhookdb.controlplane.TestingSystem;
import io.webhookdb.security.connection.PostgresUrl;
import io.webhookdb.security.connection.PostgresUrl.SslMode;
import io.webhookdb.security.outbound.OutboundPolicy;
import java.net.InetAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Hosts such as Neon tell databases apart by the name; the address must be the judged one. */
@ExtendWith(SharedControlPlane.class)
class CustomerUrlITCase {
    private final PostgresUrl server;

    CustomerUrlITCase(TestingSystem system) {
        server = system.application();
    }

    @Test
    void keepsTheNameBesideTheAddressThatWasJudged() throws SQLException {
        PostgresUrl judged = judged("localhost", SslMode.PREFER, "127.0.0.0/8 ::1");

        assertThat(judged.host()).isEqualTo("localhost");
        assertThat(judged.dialled().isLoopbackAddress()).isTrue();
        assertThat(judged.sslMode()).isEqualTo(SslMode.PREFER);
    }

    /** The name is nowhere: had the driver looked it up, there would be no connection. */
    @Test
    void dialsThatAddressWhateverTheNameResolvesTo() throws SQLException {
        PostgresUrl url = named("db.invalid", SslMode.UNSET).at(InetAddress.getLoopbackAddress());

        try (Connection connection =
                DriverManager.getConnection(url.jdbcUrl(), url.user(), url.password())) {
            assertThat(connection.isValid(5)).isTrue();
        }
    }

    @Test
    void refusesAnAddressThatIsNotListed() {
        assertThatThrownBy(() -> judged("localhost", SslMode.REQUIRE, ""))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("localhost");
    }

    private PostgresUrl judged(String host, SslMode mode, String allowed) throws SQLException {
        return CustomerUrl.judged(named(host, mode), OutboundPolicy.parse(allowed));
    }

    private PostgresUrl named(String host, SslMode mode) {
        return new PostgresUrl(
                host, server.port(), server.database(), server.user(), server.password(), mode);
    }
}
