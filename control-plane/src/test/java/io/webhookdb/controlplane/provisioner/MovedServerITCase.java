package io.webhookdb.controlplane.provisioner;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.controlplane.SharedControlPlane;
import io.webhookdb.controlplane.TestingSystem;
import io.webhookdb.controlplane.TestingTenant;
import io.webhookdb.controlplane.database.ReadonlyUrl;
import io.webhookdb.schemas.control.OrganizationControl;
import io.webhookdb.security.connection.PostgresUrl;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedControlPlane.class)
class MovedServerITCase {
    /** Nobody listens there. */
    private static final int FORMER_PORT = 1;

    private final TestingSystem system;

    MovedServerITCase(TestingSystem system) {
        this.system = system;
    }

    @Test
    void givesDatabasesThePresentPortAndTellsEveryone() throws SQLException {
        TestingTenant tenant = TestingTenant.of(system, "moved@example.org", "stripe_customer_v1");
        PostgresUrl reader = tenant.reader();
        tenant.client()
                .post(
                        "/v1/db/" + tenant.organization() + "/roll_credentials",
                        Map.of("guard_confirm", "", "grace_seconds", 3600));
        PostgresUrl rolled = tenant.reader();
        OrganizationControl before = tenant.control();
        at(tenant, FORMER_PORT, rolled);
        assertThat(tenant.sql("SELECT 1").status()).isEqualTo(503);

        int moved = note();

        assertThat(moved).isEqualTo(1);
        assertThat(tenant.reader()).isEqualTo(rolled);
        assertThat(tenant.sql("SELECT 1").status()).isEqualTo(200);
        TestingSystem.connect(reader).close();
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .untilAsserted(
                        () ->
                                assertThat(tenant.control().revision())
                                        .isGreaterThan(before.revision()));
        assertThat(tenant.control().database()).isEqualTo(before.database());
        assertThat(note()).as("only once").isZero();
    }

    @Test
    void leavesDatabasesOfOtherServersOfTheHostAlone() throws SQLException {
        TestingTenant tenant = TestingTenant.of(system, "stays@example.org", "stripe_customer_v1");
        PostgresUrl reader = tenant.reader();
        at(tenant, FORMER_PORT, reader);
        execute(
                "UPDATE organization_databases SET owner = 'o_elsewhere' WHERE organization_id = ?",
                tenant.organization());

        assertThat(note()).isZero();
        assertThat(tenant.reader().port()).isEqualTo(FORMER_PORT);
    }

    private int note() {
        return MovedServer.note(
                system.application(), system.superuser(), system.keysets().readers());
    }

    /** As it is noted when the server was on that port. */
    private void at(TestingTenant tenant, int port, PostgresUrl url) throws SQLException {
        PostgresUrl former =
                new PostgresUrl(url.host(), port, url.database(), url.user(), url.password());
        execute(
                "UPDATE organization_databases SET port = ?, readonly_url_encrypted = ? WHERE"
                        + " organization_id = ?",
                port,
                system.keysets()
                        .readers()
                        .encrypt(former.url(), ReadonlyUrl.context(tenant.organization())),
                tenant.organization());
    }

    private void execute(String sql, Object... values) throws SQLException {
        try (Connection connection = TestingSystem.connect(system.application());
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statement.executeUpdate();
        }
    }
}
