package io.webhookdb.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.controlplane.TestingClient.Answer;
import io.webhookdb.security.connection.PostgresUrl;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What someone learns who gets a copy of the application database or of the control topic. */
@ExtendWith(SharedControlPlane.class)
class SecretsAtRestITCase {
    private static final String SQL_SECRET = "clear-text-in-a-statement";

    private final TestingSystem system;

    SecretsAtRestITCase(TestingSystem system) {
        this.system = system;
    }

    @Test
    void areNowhereInClear() throws SQLException {
        List<String> secrets = secrets();
        String dump = dump();
        String topic = TestingControlTopic.text(system.bootstrap());
        assertThat(dump).contains("secrets@example.org").contains("shopify_order_v1");
        assertThat(topic).contains("secrets_example_org_org");

        for (String secret : secrets) {
            for (String form : forms(secret)) {
                assertThat(dump).doesNotContain(form);
                assertThat(topic).doesNotContain(form);
            }
        }
    }

    /** A code is looked for as itself and as the digests someone would try first. */
    @Test
    void keepCodesFromBeingGuessedByTheirDigest() throws Exception {
        String email = "digest@example.org";
        system.client().post("/v1/auth", Map.of("email", email));
        String code = system.code(email);
        String dump = dump();

        for (String algorithm : new String[] {"SHA-256", "SHA-1", "MD5"}) {
            for (String text : new String[] {code, email + code, email + "\n" + code}) {
                byte[] digest =
                        java.security.MessageDigest.getInstance(algorithm)
                                .digest(text.getBytes(StandardCharsets.UTF_8));
                assertThat(dump).doesNotContain(HexFormat.of().formatHex(digest));
                assertThat(dump).doesNotContain(Base64.getEncoder().encodeToString(digest));
            }
        }
    }

    /** Uses a secret of every kind there is. */
    private List<String> secrets() {
        List<String> secrets = new ArrayList<>();
        TestingTenant tenant = TestingTenant.of(system, "secrets@example.org", "shopify_order_v1");
        String path = tenant.path();
        for (String field : new String[] {"webhook_secret", "backfill_key", "backfill_secret"}) {
            String value = "clear-text-of-" + field;
            Answer answer =
                    tenant.client().post(path + "/transition/" + field, Map.of("value", value));
            assertThat(answer.status()).isEqualTo(200);
            secrets.add(value);
        }
        secrets.addAll(onward(tenant));
        secrets.add(
                tenant.client()
                        .post(path + "/roll_api_key")
                        .body()
                        .path("webhookdb_api_key")
                        .asText());
        PostgresUrl reader = tenant.reader();
        secrets.add(reader.password());
        secrets.add(reader.url());
        secrets.add(tenant.owner().password());
        secrets.add(tenant.client().header("Whdb-Auth-Token"));
        secrets.add(system.superuser().password());
        String token =
                tenant.client()
                        .post(
                                "/v1/organizations/" + tenant.organization() + "/api_tokens",
                                Map.of("name", "ci", "scope", "read"))
                        .body()
                        .path("token")
                        .asText();
        secrets.add(token);
        secrets.add(token.substring(token.length() - 43));
        tenant.sql("select '" + SQL_SECRET + "'");
        secrets.add(SQL_SECRET);
        assertThat(secrets).hasSize(17).allSatisfy(secret -> assertThat(secret).isNotBlank());
        return secrets;
    }

    /** Of what goes onward: created, changed, and deleted again. */
    private List<String> onward(TestingTenant tenant) {
        String path = "/v1/organizations/" + tenant.organization();
        List<String> secrets =
                List.of(
                        "clear-text-of-subscription",
                        system.superuser().url(),
                        "clear-text-of-new-credentials",
                        "clear-text-of-error-handler-key",
                        "clear-text-of-error-handler-option");
        String subscriptions = path + "/webhook_subscriptions";
        Answer kept = create(tenant, subscriptions, "https://1.1.1.1/", secrets.get(0));
        Answer ended = create(tenant, subscriptions, "https://1.1.1.1/", secrets.get(0));
        String id = ended.body().path("opaque_id").asText();
        assertThat(tenant.client().post(subscriptions + "/" + id + "/delete").status())
                .isEqualTo(200);
        PostgresUrl login = system.superuser().with("postgres", "onward", secrets.get(2));
        execute("CREATE ROLE onward LOGIN PASSWORD '" + login.password() + "'");
        execute("GRANT CONNECT ON DATABASE postgres TO onward");
        Answer target =
                tenant.client()
                        .post(
                                path + "/sync_targets/db/create",
                                Map.of(
                                        "service_integration_identifier",
                                        tenant.integration(),
                                        "connection_url",
                                        secrets.get(1),
                                        "period_seconds",
                                        600));
        Answer changed =
                tenant.client()
                        .post(
                                path
                                        + "/sync_targets/db/"
                                        + target.body().path("opaque_id").asText()
                                        + "/update_credentials",
                                Map.of("user", login.user(), "password", login.password()));
        Answer handler =
                tenant.client()
                        .post(
                                path + "/error_handlers/create",
                                Map.of(
                                        "url",
                                        "sentry://"
                                                + secrets.get(3)
                                                + "@1.1.1.1/1?x="
                                                + secrets.get(4)));
        assertThat(List.of(kept, ended, target, changed, handler))
                .allSatisfy(answer -> assertThat(answer.status()).as(answer.text()).isEqualTo(200));
        return secrets;
    }

    private static Answer create(TestingTenant tenant, String path, String url, String secret) {
        return tenant.client()
                .post(
                        path + "/create",
                        Map.of(
                                "service_integration_identifier",
                                "org",
                                "url",
                                url,
                                "webhook_secret",
                                secret));
    }

    private void execute(String sql) {
        try (Connection connection = TestingSystem.connect(system.superuser());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> forms(String secret) {
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        return List.of(
                secret,
                HexFormat.of().formatHex(bytes),
                Base64.getEncoder().withoutPadding().encodeToString(bytes));
    }

    /** Every value of every table, as text. */
    private String dump() throws SQLException {
        StringBuilder dump = new StringBuilder();
        try (Connection connection = TestingSystem.connect(system.application());
                Statement tables = connection.createStatement();
                Statement rows = connection.createStatement();
                ResultSet names =
                        tables.executeQuery(
                                "SELECT quote_ident(schemaname) || '.' || quote_ident(tablename)"
                                        + " FROM pg_tables WHERE schemaname NOT IN ('pg_catalog',"
                                        + " 'information_schema')")) {
            while (names.next()) {
                try (ResultSet row =
                        rows.executeQuery("SELECT t::text FROM " + names.getString(1) + " t")) {
                    while (row.next()) {
                        dump.append(row.getString(1)).append('\n');
                    }
                }
            }
        }
        return dump.toString();
    }
}
