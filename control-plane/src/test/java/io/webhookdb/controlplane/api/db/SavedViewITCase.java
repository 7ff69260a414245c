package io.webhookdb.controlplane.api.db;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.controlplane.SharedControlPlane;
import io.webhookdb.controlplane.TestingClient;
import io.webhookdb.controlplane.TestingClient.Answer;
import io.webhookdb.controlplane.TestingSystem;
import io.webhookdb.controlplane.TestingTenant;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedControlPlane.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SavedViewITCase {
    private final TestingSystem system;
    private TestingTenant tenant;
    private String path;

    SavedViewITCase(TestingSystem system) {
        this.system = system;
    }

    @BeforeEach
    void ensureTenant() {
        if (tenant == null) {
            tenant = TestingTenant.of(system, "saved-view@example.org", "stripe_customer_v1");
            path = "/v1/organizations/" + tenant.organization() + "/saved_views";
        }
    }

    @Test
    void isMadeReplacedListedAndDropped() {
        Answer made = put("customers", "SELECT stripe_id, data FROM " + tenant.table() + ";");
        assertThat(made.status()).as(made.text()).isEqualTo(200);
        assertThat(made.body().path("name").asText()).isEqualTo("customers");
        assertThat(tenant.sql("SELECT * FROM customers").text())
                .contains("[\"stripe_id\",\"data\"]");

        assertThat(put("customers", "SELECT 1 AS fewer_columns").status()).isEqualTo(200);
        assertThat(tenant.sql("SELECT * FROM customers").text()).contains("fewer_columns");
        assertThat(tenant.client().get(path).body().path("items").findValuesAsText("name"))
                .contains("customers");

        assertThat(delete("customers").status()).isEqualTo(200);
        assertThat(tenant.sql("SELECT * FROM customers").status()).isEqualTo(403);
        assertThat(delete("customers").status()).isEqualTo(403);
    }

    @Test
    void mayBeCalledWhatATableMay() {
        assertThat(put("Monthly Revenue", "SELECT 1 AS a").status()).isEqualTo(200);
        assertThat(tenant.sql("SELECT * FROM \"Monthly Revenue\"").text()).contains("[[1]]");
        assertThat(put("Monthly Revenue", "SELECT 2 AS b").status()).isEqualTo(200);
        assertThat(tenant.sql("SELECT * FROM \"Monthly Revenue\"").text()).contains("[[2]]");
        assertThat(delete("Monthly Revenue").status()).isEqualTo(200);
    }

    @Test
    void asksAgainForWhatIsNoView() {
        Answer name = put("Robert'); DROP", "SELECT 1");
        assertThat(name.header("Whdb-Prompt")).isEqualTo("name");
        Answer table = put(tenant.table(), "SELECT 1");
        assertThat(table.header("Whdb-Prompt")).isEqualTo("name");
        Answer sql = put("broken", "SELECT * FROM nowhere");
        assertThat(sql.header("Whdb-Prompt")).isEqualTo("sql");
        assertThat(sql.step().path("output").asText()).contains("nowhere");
        Answer twice = put("broken", "SELECT 1 AS a, 2 AS a");
        assertThat(twice.header("Whdb-Prompt")).isEqualTo("sql");
        assertThat(twice.step().path("output").asText()).contains("more than once");
        assertThat(tenant.client().get(path).text()).doesNotContain("broken");
        assertThat(tenant.client().reply(twice, "SELECT 1 AS a, 2 AS b").status()).isEqualTo(200);
        assertThat(tenant.sql("SELECT * FROM broken").text()).contains("[[1,2]]");
    }

    @Test
    void lendsNobodyTheOwnersRights() throws SQLException {
        for (String sql :
                new String[] {
                    "SELECT 1; CREATE TABLE stolen (a int)",
                    "SELECT 1; SELECT 2",
                    "WITH x AS (DELETE FROM " + tenant.table() + " RETURNING *) SELECT * FROM x",
                    "SELECT * INTO stolen FROM " + tenant.table(),
                    "SELECT 1; COMMIT; CREATE TABLE stolen (a int)"
                }) {
            assertThat(put("thief", sql).status()).as(sql).isEqualTo(422);
        }
        assertThat(tenant.sql("SELECT * FROM stolen").status()).isEqualTo(403);

        try (Connection owner = TestingSystem.connect(tenant.owner());
                Statement statement = owner.createStatement()) {
            statement.execute("CREATE TABLE hidden AS SELECT 'hidden' AS a");
            statement.execute("GRANT SELECT ON hidden TO " + tenant.reader().user());
            assertThat(put("window", "SELECT * FROM hidden").status()).isEqualTo(200);
            statement.execute("REVOKE SELECT ON hidden FROM " + tenant.reader().user());
            assertThat(tenant.sql("SELECT * FROM \"window\"").message())
                    .contains("permission denied");
            delete("window");
            statement.execute("DROP TABLE hidden");
        }
    }

    @Test
    void isForAdminsToChange() {
        TestingClient stranger = system.login("saved-view-stranger@example.org");
        assertThat(
                        stranger.post(
                                        path + "/create_or_replace",
                                        Map.of("name", "x", "sql", "SELECT 1"))
                                .status())
                .isEqualTo(403);
    }

    @Test
    void doesNotKeepAnIntegrationFromEnding() {
        TestingTenant other =
                TestingTenant.of(system, "saved-view-ending@example.org", "stripe_customer_v1");
        String views = "/v1/organizations/" + other.organization() + "/saved_views";
        other.client()
                .post(
                        views + "/create_or_replace",
                        Map.of("name", "v", "sql", "SELECT pk FROM " + other.table()));
        other.client()
                .post(views + "/create_or_replace", Map.of("name", "w", "sql", "SELECT 1 AS one"));

        other.client().post(other.path() + "/delete", Map.of("confirm", other.table()));

        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () -> assertThat(other.client().get(views).text()).contains("is broken"));
        assertThat(other.sql("SELECT * FROM w").text()).contains("[[1]]");
        assertThat(other.client().get("/v1/db/" + other.organization() + "/tables").text())
                .contains("[\"w\"]");
        assertThat(other.client().post(views + "/delete", Map.of("name", "v")).status())
                .isEqualTo(200);
    }

    @Test
    void keepsAViewThatAnotherReads() throws SQLException {
        put("below", "SELECT 1 AS a");
        put("above", "SELECT a FROM below");

        Answer refused = delete("below");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(tenant.sql("SELECT * FROM above").text()).contains("[[1]]");
        delete("above");
        assertThat(delete("below").status()).isEqualTo(200);
        try (Connection connection = TestingSystem.connect(system.application());
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "SELECT count(*) FROM saved_views WHERE name IN ('above',"
                                        + " 'below')")) {
            row.next();
            assertThat(row.getInt(1)).isZero();
        }
    }

    private Answer put(String name, String sql) {
        return tenant.client().post(path + "/create_or_replace", Map.of("name", name, "sql", sql));
    }

    private Answer delete(String name) {
        return tenant.client().post(path + "/delete", Map.of("name", name));
    }
}
