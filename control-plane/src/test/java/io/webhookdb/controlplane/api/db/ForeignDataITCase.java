package io.webhookdb.controlplane.api.db;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.webhookdb.controlplane.SharedControlPlane;
import io.webhookdb.controlplane.TestingClient.Answer;
import io.webhookdb.controlplane.TestingSystem;
import io.webhookdb.controlplane.TestingTenant;
import io.webhookdb.embedded.EmbeddedPostgresServer;
import io.webhookdb.security.connection.PostgresUrl;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedControlPlane.class)
class ForeignDataITCase {
    private final TestingSystem system;

    ForeignDataITCase(TestingSystem system) {
        this.system = system;
    }

    /** Two integrations of one service, one of another, names that need quotes; run twice. */
    @Test
    void connectsAnotherServer() throws SQLException {
        TestingTenant tenant = TestingTenant.of(system, "fdw@example.org", "stripe_customer_v1");
        String integrations =
                "/v1/organizations/" + tenant.organization() + "/service_integrations";
        for (String service : List.of("stripe_customer_v1", "stripe_charge_v1")) {
            tenant.client()
                    .post(
                            integrations + "/create",
                            Map.of("service_name", service, "guard_confirm", "y"));
        }
        List<String> customers =
                tenant
                        .client()
                        .get(integrations)
                        .body()
                        .path("items")
                        .findParents("table_name")
                        .stream()
                        .map(item -> item.path("table_name").asText())
                        .filter(table -> table.startsWith("stripe_customer_v1"))
                        .toList();
        assertThat(customers).hasSize(2);
        try (Connection owner = TestingSystem.connect(tenant.owner());
                Statement statement = owner.createStatement()) {
            for (String table : customers) {
                statement.execute(
                        "INSERT INTO "
                                + table
                                + " (stripe_id, _version, _synced_at, data) VALUES ('in_"
                                + table
                                + "', '', now(), '{}')");
            }
        }
        String sql =
                fdw(
                                tenant,
                                Map.of(
                                        "message_all", true,
                                        "remote_server_name", "far \"away\"; DROP",
                                        "fetch_size", "7",
                                        "local_schema", "Local's",
                                        "view_schema", "Views"))
                        .message();

        try (EmbeddedPostgresServer elsewhere =
                        EmbeddedPostgresServer.start(EmbeddedPostgresServer.Settings.temporary());
                Connection connection =
                        TestingSystem.connect(PostgresUrl.parse(elsewhere.superuserUrl()));
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
            statement.execute(sql);

            for (String table : customers) {
                assertThat(text(statement, "SELECT stripe_id FROM \"Views\"." + table))
                        .isEqualTo("in_" + table);
            }
            assertThat(text(statement, "SELECT count(*) FROM \"Views\".stripe_charge_v1"))
                    .isEqualTo("0");
            assertThat(
                            text(
                                    statement,
                                    "SELECT array_to_string(srvoptions, ',') FROM"
                                            + " pg_foreign_server WHERE srvname = 'far \"away\";"
                                            + " DROP'"))
                    .contains("fetch_size=7");
        }
    }

    @Test
    void printsWhatIsAskedFor() {
        TestingTenant tenant =
                TestingTenant.of(system, "fdw-parts@example.org", "stripe_customer_v1");
        JsonNode all = fdw(tenant, Map.of("message_all", true)).body();
        String tables = all.path("fdw_sql").asText();
        String views = all.path("views_sql").asText();

        assertThat(all.path("compound_sql").asText()).isEqualTo(tables + "\n\n" + views);
        assertThat(all.path("message").asText()).isEqualTo(tables + "\n\n" + views);
        assertThat(all.path("views").path(tenant.integration()).asText())
                .isEqualTo(
                        "CREATE MATERIALIZED VIEW IF NOT EXISTS \"webhookdb\""
                                + ".\"stripe_customer_v1\" AS SELECT * FROM \"webhookdb_remote\".\""
                                + tenant.table()
                                + "\";");
        assertThat(tables).contains("fetch_size '50000'").contains("\"webhookdb_remote\"");
        assertThat(fdw(tenant, Map.of("message_fdw", true)).message()).isEqualTo(tables);
        assertThat(fdw(tenant, Map.of("message_views", true)).message()).isEqualTo(views);
        assertThat(
                        tenant.client()
                                .post("/v1/organizations/" + tenant.organization() + "/fdw")
                                .message())
                .isEqualTo(tables + "\n\n" + views);
    }

    @Test
    void refusesWhatIsNoName() {
        TestingTenant tenant =
                TestingTenant.of(system, "fdw-names@example.org", "stripe_customer_v1");
        assertThat(fdw(tenant, Map.of("view_schema", "x".repeat(64))).status()).isEqualTo(400);
        assertThat(fdw(tenant, Map.of("local_schema", "a\nb")).status()).isEqualTo(400);
        assertThat(fdw(tenant, Map.of("local_schema", "same", "view_schema", "same")).status())
                .isEqualTo(400);
        for (String size : List.of("0", "-1", "many", "1'); DROP")) {
            assertThat(fdw(tenant, Map.of("fetch_size", size)).status()).isEqualTo(400);
        }
        assertThat(
                        system.login("fdw-stranger@example.org")
                                .post("/v1/db/" + tenant.organization() + "/fdw", Map.of())
                                .status())
                .isEqualTo(403);
    }

    private static Answer fdw(TestingTenant tenant, Map<String, Object> body) {
        return tenant.client()
                .post("/v1/db/" + tenant.organization() + "/fdw", new HashMap<>(body));
    }

    private static String text(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
