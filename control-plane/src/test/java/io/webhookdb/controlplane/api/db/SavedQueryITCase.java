package io.webhookdb.controlplane.api.db;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.controlplane.SharedControlPlane;
import io.webhookdb.controlplane.TestingClient;
import io.webhookdb.controlplane.TestingClient.Answer;
import io.webhookdb.controlplane.TestingSystem;
import io.webhookdb.controlplane.TestingTenant;
import io.webhookdb.controlplane.api.auth.Tokens;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedControlPlane.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SavedQueryITCase {
    private final TestingSystem system;
    private TestingTenant tenant;
    private String path;

    SavedQueryITCase(TestingSystem system) {
        this.system = system;
    }

    @BeforeEach
    void ensureTenant() {
        if (tenant == null) {
            tenant = TestingTenant.of(system, "saved-query@example.org", "stripe_customer_v1");
            path = "/v1/organizations/" + tenant.organization() + "/saved_queries";
        }
    }

    @Test
    void isKeptShownRunChangedAndDeleted() {
        Answer created =
                post(
                        "/create",
                        Map.of("description", "one", "sql", "SELECT 1 AS a", "public", false));
        String id = created.body().path("id").asText();

        assertThat(created.status()).isEqualTo(200);
        assertThat(id).matches("svq_[0-9a-z]{20,}");
        assertThat(created.message()).contains(id);
        assertThat(created.body().path("run_url").asText())
                .endsWith("/v1/saved_queries/" + id + "/run");
        assertThat(created.body().path("public").isBoolean()).isTrue();
        assertThat(tenant.client().get(path + "/" + id + "/run").text())
                .isEqualTo("{\"headers\":[\"a\"],\"rows\":[[1]],\"max_rows_reached\":false}");
        assertThat(tenant.client().get(path + "/" + id).body().path("sql").asText())
                .isEqualTo("SELECT 1 AS a");
        assertThat(tenant.client().get(path).body().path("items").findValuesAsText("id"))
                .contains(id);
        assertThat(post("/" + id + "/info", Map.of("field", "")).text())
                .contains("[\"public\",\"false\"]");
        assertThat(post("/" + id + "/info", Map.of("field", "sql")).text())
                .isEqualTo("{\"blocks\":[{\"type\":\"line\",\"value\":\"SELECT 1 AS a\"}]}");
        assertThat(post("/" + id + "/info", Map.of("field", "x")).status()).isEqualTo(400);

        post("/" + id + "/update", Map.of("field", "sql", "value", "SELECT 2 AS b"));
        assertThat(tenant.client().get(path + "/" + id + "/run").text()).contains("[[2]]");
        assertThat(post("/" + id + "/delete", Map.of()).message()).contains("one");
        assertThat(tenant.client().get(path + "/" + id + "/run").status()).isEqualTo(403);
    }

    @Test
    void asksAgainForWhatCannotBeRun() {
        Answer description = post("/create", Map.of("description", "", "sql", "", "public", false));
        assertThat(description.header("Whdb-Prompt")).isEqualTo("description");
        Answer sql = tenant.client().reply(description, "counts");
        assertThat(sql.header("Whdb-Prompt")).isEqualTo("sql");
        Answer again = tenant.client().reply(sql, "SELEC 1");
        assertThat(again.header("Whdb-Prompt")).isEqualTo("sql");
        assertThat(again.step().path("output").asText()).contains("syntax error");
        Answer created = tenant.client().reply(again, "SELECT 1");
        assertThat(created.status()).isEqualTo(200);

        String id = created.body().path("id").asText();
        Answer truth = post("/" + id + "/update", Map.of("field", "public", "value", "perhaps"));
        assertThat(truth.header("Whdb-Prompt")).isEqualTo("value");
        assertThat(tenant.client().reply(truth, "yes").body().path("public").asBoolean()).isTrue();
        assertThat(post("/" + id + "/update", Map.of("field", "id", "value", "x")).status())
                .isEqualTo(400);
        assertThat(
                        post("/" + id + "/update", Map.of("field", "sql", "value", "DROP TABLE x"))
                                .status())
                .isEqualTo(422);
    }

    @Test
    void refusesToSaveWhatWrites() throws SQLException {
        for (String sql :
                new String[] {
                    "DELETE FROM " + tenant.table(),
                    "COMMIT; BEGIN READ WRITE; DELETE FROM " + tenant.table(),
                    "WITH x AS (DELETE FROM " + tenant.table() + " RETURNING *) SELECT * FROM x"
                }) {
            assertThat(post("/create", Map.of("description", "d", "sql", sql)).status())
                    .as(sql)
                    .isEqualTo(422);
        }
        String id = create("SELECT count(*) FROM " + tenant.table(), true);
        store(id, "SET default_transaction_read_only = off; COMMIT; DELETE FROM " + tenant.table());
        assertThat(system.client().get("/v1/saved_queries/" + id + "/run").status()).isEqualTo(400);
    }

    @Test
    void runsForAnyoneIfPublic() {
        String open = create("SELECT 'open'", true);
        Answer answer = system.client().get("/v1/saved_queries/" + open + "/run");

        assertThat(answer.text()).contains("[[\"open\"]]");
        assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo("*");
    }

    @Test
    void tellsStrangersNothing() throws SQLException {
        String closed = create("SELECT 'closed'", false);
        String at = "/v1/saved_queries/" + closed + "/run";
        Answer unknown = system.client().get("/v1/saved_queries/svq_unknown/run");
        TestingClient stranger = system.login("saved-query-stranger@example.org");

        assertThat(system.client().get(at).status()).isEqualTo(403);
        assertThat(system.client().get(at).text()).isEqualTo(unknown.text());
        assertThat(stranger.get(at).text()).isEqualTo(unknown.text());
        assertThat(stranger.get(path + "/" + closed + "/run").status()).isEqualTo(403);
        assertThat(tenant.client().get(at).text()).contains("closed");
        String hash = HexFormat.of().formatHex(Tokens.sha256(tenant.reader().url()));
        assertThat(system.client().with("Whdb-Sha256-Conn", hash).get(at).text())
                .contains("closed");
        assertThat(
                        system.client()
                                .with("Whdb-Sha256-Conn", TestingTenant.otherThan(hash))
                                .get(at)
                                .status())
                .isEqualTo(403);

        String broken = create("SELECT 1", true);
        store(broken, "SELECT secret_column FROM nothing");
        Answer failed = system.client().get("/v1/saved_queries/" + broken + "/run");
        assertThat(failed.status()).isEqualTo(400);
        assertThat(failed.text()).doesNotContain("nothing").doesNotContain("secret_column");
        assertThat(tenant.client().get(path + "/" + broken + "/run").message()).contains("nothing");
    }

    private String create(String sql, boolean isPublic) {
        return post("/create", Map.of("description", "d", "sql", sql, "public", isPublic))
                .body()
                .path("id")
                .asText();
    }

    /** What a query may have become since it was checked. */
    private void store(String id, String sql) throws SQLException {
        try (Connection connection = TestingSystem.connect(system.application());
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "UPDATE saved_queries SET sql = '" + sql + "' WHERE opaque_id = '" + id + "'");
        }
    }

    private Answer post(String below, Map<String, Object> body) {
        return tenant.client().post(path + below, body);
    }
}
