package io.webhookdb.controlplane.api.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.webhookdb.controlplane.SharedControlPlane;
import io.webhookdb.controlplane.TestingClient;
import io.webhookdb.controlplane.TestingClient.Answer;
import io.webhookdb.controlplane.TestingSystem;
import io.webhookdb.controlplane.TestingTenant;
import io.webhookdb.controlplane.api.auth.Tokens;
import io.webhookdb.schemas.control.OrganizationControl;
import io.webhookdb.security.connection.PostgresUrl;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedControlPlane.class)
class RollITCase {
    private final TestingSystem system;

    RollITCase(TestingSystem system) {
        this.system = system;
    }

    @Test
    void endsTheOldReaderAtOnceAndLeavesTheOwnerAlone() throws SQLException {
        TestingTenant tenant = TestingTenant.of(system, "roll@example.org", "stripe_customer_v1");
        PostgresUrl old = tenant.reader();
        OrganizationControl before = tenant.control();
        Answer asked = tenant.client().post(path(tenant));
        assertThat(asked.header("Whdb-Prompt")).isEqualTo("guard_confirm");
        assertThat(tenant.reader()).isEqualTo(old);

        try (Connection owner = TestingSystem.connect(tenant.owner());
                Statement writer = owner.createStatement();
                Connection reading = TestingSystem.connect(old)) {
            owner.setAutoCommit(false);
            insert(writer, tenant, "written_meanwhile");

            Answer rolled = tenant.client().reply(asked, "");

            assertThat(rolled.status()).as(rolled.text()).isEqualTo(200);
            PostgresUrl fresh = tenant.reader();
            assertThat(rolled.message()).contains(fresh.url());
            assertThat(fresh.user()).isNotEqualTo(old.user());
            assertThat(fresh.password()).isNotEqualTo(old.password());
            assertThatThrownBy(() -> TestingSystem.connect(old)).isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> reading.createStatement().execute("SELECT 1"))
                    .isInstanceOf(SQLException.class);
            owner.commit();
        }
        assertThat(tenant.control()).isEqualTo(before);
        assertThat(ids(tenant.reader(), tenant)).isEqualTo("written_meanwhile");
        assertThat(tenant.sql("SELECT stripe_id FROM " + tenant.table()).text())
                .contains("written_meanwhile");
        assertThat(number("pg_roles WHERE rolname = '" + old.user() + "'")).isZero();
        assertThat(
                        system.client()
                                .with("Whdb-Sha256-Conn", hash(old))
                                .post(
                                        "/v1/db/" + tenant.organization() + "/sql",
                                        Map.of("query", "SELECT 1"))
                                .status())
                .isEqualTo(401);
    }

    @Test
    void keepsTheOldReaderForItsGrace() throws SQLException {
        TestingTenant tenant =
                TestingTenant.of(system, "roll-grace@example.org", "stripe_customer_v1");
        PostgresUrl old = tenant.reader();

        Answer rolled =
                tenant.client().post(path(tenant), Map.of("guard_confirm", "", "grace_seconds", 6));

        PostgresUrl fresh = tenant.reader();
        assertThat(rolled.message()).contains(fresh.url());
        assertThat(ids(old, tenant)).isNull();
        assertThat(ids(fresh, tenant)).isNull();
        assertThat(
                        system.client()
                                .with("Whdb-Sha256-Conn", hash(old))
                                .post(
                                        "/v1/db/" + tenant.organization() + "/sql",
                                        Map.of("query", "SELECT 1"))
                                .text())
                .contains("[[1]]");
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () ->
                                assertThat(number("pg_roles WHERE rolname = '" + old.user() + "'"))
                                        .isZero());
        assertThat(ids(fresh, tenant)).isNull();
    }

    @Test
    void readsTablesThatCameAfterIt() {
        TestingTenant tenant =
                TestingTenant.of(system, "roll-later@example.org", "stripe_customer_v1");
        tenant.client().post(path(tenant), Map.of("guard_confirm", ""));
        String integrations =
                "/v1/organizations/" + tenant.organization() + "/service_integrations";
        tenant.client().post(integrations + "/create", Map.of("service_name", "stripe_charge_v1"));

        for (String table :
                tenant.client()
                        .get(integrations)
                        .body()
                        .path("items")
                        .findValuesAsText("table_name")) {
            assertThat(tenant.sql("SELECT count(*) FROM " + table).text()).contains("[[0]]");
        }
    }

    @Test
    void takesOnlyGracesThatMakeSense() {
        TestingTenant tenant =
                TestingTenant.of(system, "roll-check@example.org", "stripe_customer_v1");
        for (Object grace : new Object[] {-1, "soon", 99_999_999, 1.5}) {
            assertThat(
                            tenant.client()
                                    .post(
                                            path(tenant),
                                            Map.of("guard_confirm", "", "grace_seconds", grace))
                                    .status())
                    .isEqualTo(400);
        }
        TestingClient stranger = system.login("roll-stranger@example.org");
        assertThat(stranger.post(path(tenant), Map.of("guard_confirm", "")).status())
                .isEqualTo(403);
    }

    private static String path(TestingTenant tenant) {
        return "/v1/db/" + tenant.organization() + "/roll_credentials";
    }

    private static String hash(PostgresUrl url) {
        return HexFormat.of().formatHex(Tokens.sha256(url.url()));
    }

    private static void insert(Statement writer, TestingTenant tenant, String id)
            throws SQLException {
        writer.execute(
                "INSERT INTO "
                        + tenant.table()
                        + " (stripe_id, _version, _synced_at, data) VALUES ('"
                        + id
                        + "', '', now(), '{}')");
    }

    private static String ids(PostgresUrl reader, TestingTenant tenant) throws SQLException {
        try (Connection connection = TestingSystem.connect(reader);
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "SELECT string_agg(stripe_id, ',') FROM " + tenant.table())) {
            row.next();
            return row.getString(1);
        }
    }

    private long number(String from) throws SQLException {
        try (Connection connection = TestingSystem.connect(system.superuser());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM " + from)) {
            row.next();
            return row.getLong(1);
        }
    }
}
