package io.webhookdb.controlplane.api.onward;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.webhookdb.controlplane.SharedControlPlane;
import io.webhookdb.controlplane.TestingClient.Answer;
import io.webhookdb.controlplane.TestingControlTopic;
import io.webhookdb.controlplane.TestingSystem;
import io.webhookdb.controlplane.TestingTenant;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.SyncColumns;
import io.webhookdb.schemas.control.SyncTargetControl;
import io.webhookdb.schemas.control.SyncTargetSettings.Lanes;
import io.webhookdb.security.connection.PostgresUrl;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedControlPlane.class)
class SyncTargetITCase {
    private final TestingSystem system;
    private final TestingReceiver receiver = TestingReceiver.answering(204);

    SyncTargetITCase(TestingSystem system) {
        this.system = system;
    }

    @AfterEach
    void stopReceiver() {
        receiver.close();
    }

    @Test
    void asksForUrlAndPeriodTriesTheTargetAndTellsTheJobs() throws Exception {
        TestingTenant tenant = tenant("httpsync@example.org");
        String path = path(tenant, "http");
        Answer url =
                tenant.client()
                        .post(
                                path + "/create",
                                Map.of("service_integration_identifier", tenant.integration()));
        assertThat(url.status()).isEqualTo(422);
        assertThat(url.header("Whdb-Prompt")).isEqualTo("connection_url");
        Answer period = tenant.client().reply(url, httpUrl("us%40er", "p4ss"));
        assertThat(period.header("Whdb-Prompt")).isEqualTo("period_seconds");
        assertThat(period.step().path("prompt").asText())
                .contains(TestingSystem.MIN_SYNC_PERIOD + " to 86400");
        Answer created = tenant.client().reply(period, "600");

        assertThat(created.status()).as(created.text()).isEqualTo(200);
        JsonNode body = created.body();
        String id = body.path("opaque_id").asText();
        assertThat(id).startsWith("syt_");
        assertThat(body.path("connection_url").asText())
                .isEqualTo("http://***:***@" + receiver.authority() + "/in?x=1");
        assertThat(body.path("period_seconds").asInt()).isEqualTo(600);
        assertThat(body.path("page_size").asInt()).isEqualTo(200);
        assertThat(body.path("associated_object_display").asText())
                .isEqualTo(tenant.integration() + "/" + tenant.table());
        assertThat(body.path("last_synced_at").isNull()).isTrue();

        assertThat(receiver.received()).hasSize(1);
        TestingReceiver.Received probe = receiver.received().get(0);
        assertThat(probe.method() + " " + probe.path()).isEqualTo("POST /in?x=1");
        assertThat(probe.authorization())
                .isEqualTo(
                        "Basic "
                                + java.util.Base64.getEncoder()
                                        .encodeToString("us@er:p4ss".getBytes("UTF-8")));
        JsonNode sent = new com.fasterxml.jackson.databind.ObjectMapper().readTree(probe.body());
        assertThat(sent.path("rows").isArray()).isTrue();
        assertThat(sent.path("rows").size()).isZero();
        assertThat(sent.path("integration_id").asText()).isEqualTo("svi_test");
        assertThat(sent.path("integration_service").asText()).isEqualTo("httpsync_test");
        assertThat(sent.path("table").asText()).isEqualTo("test");

        SyncTargetControl record = newest(id);
        assertThat(record.kind()).isEqualTo(SyncTargetControl.Kind.HTTP);
        assertThat(opened(record)).isEqualTo(httpUrl("us%40er", "p4ss"));
        assertThat(record.revision()).isEqualTo(1);
    }

    @Test
    void keepsADatabaseInStepFromCreationToDeletion() {
        TestingTenant tenant = tenant("dbsync@example.org");
        String path = path(tenant, "db");
        PostgresUrl target = system.superuser();
        Answer created =
                create(
                        tenant,
                        "db",
                        Map.of(
                                "connection_url",
                                target.url(),
                                "period_seconds",
                                "600\n",
                                "schema",
                                "my schema",
                                "table",
                                "t_1"));
        assertThat(created.status()).as(created.text()).isEqualTo(200);
        String id = created.body().path("opaque_id").asText();
        assertThat(created.body().path("schema_and_table_string").asText())
                .isEqualTo("my schema.t_1");
        assertThat(created.text()).doesNotContain(target.password());
        assertThat(newest(id).kind()).isEqualTo(SyncTargetControl.Kind.POSTGRES);
        assertThat(PostgresUrl.parse(opened(newest(id)))).isEqualTo(target);

        Answer updated =
                tenant.client()
                        .post(
                                path + "/" + id + "/update",
                                Map.of("schema", "", "page_size", 50, "period_seconds", 60));
        assertThat(updated.status()).isEqualTo(200);
        assertThat(updated.body().path("schema_and_table_string").asText()).isEqualTo("public.t_1");
        assertThat(newest(id).pageSize()).isEqualTo(50);
        assertThat(newest(id).periodSeconds()).isEqualTo(60);
        assertThat(newest(id).table()).isEqualTo("t_1");
        assertThat(newest(id).schema()).isEmpty();
        assertThat(PostgresUrl.parse(opened(newest(id)))).isEqualTo(target);

        assertThat(tenant.client().post(path + "/" + id + "/sync", Map.of()).message())
                .contains("60 seconds");
        assertThat(newest(id).triggersRequested()).isEqualTo(1);
        assertThat(newest(id).revision()).isEqualTo(3);
        assertThat(tenant.client().get(path).body().at("/items/0/opaque_id").asText())
                .isEqualTo(id);
        assertThat(tenant.client().get(path(tenant, "http")).body().path("items").size()).isZero();
        assertThat(tenant.client().post(path(tenant, "http") + "/" + id + "/sync").status())
                .isEqualTo(403);

        Answer confirm = tenant.client().post(path + "/" + id + "/delete", Map.of("confirm", ""));
        assertThat(confirm.header("Whdb-Prompt")).isEqualTo("confirm");
        assertThat(tenant.client().reply(confirm, "not the table").status()).isEqualTo(422);
        assertThat(tenant.client().reply(confirm, tenant.table()).status()).isEqualTo(200);
        assertThat(newest(id).state()).isEqualTo(State.DELETED);
        assertThat(newest(id).revision()).isEqualTo(4);
        assertThat(newest(id).connectionUrlCiphertext()).isNull();
        assertThat(tenant.client().post(path + "/" + id + "/update", Map.of()).status())
                .isEqualTo(403);
    }

    @Test
    void replacesCredentialsItCannotRead() {
        TestingTenant tenant = tenant("creds@example.org");
        String path = path(tenant, "http");
        String id =
                create(
                                tenant,
                                "http",
                                Map.of("connection_url", httpUrl("a", "b"), "period_seconds", 60))
                        .body()
                        .path("opaque_id")
                        .asText();
        Answer user =
                tenant.client()
                        .post(
                                path + "/" + id + "/update_credentials",
                                Map.of("user", "", "password", ""));
        assertThat(user.header("Whdb-Prompt")).isEqualTo("user");
        Answer password = tenant.client().reply(user, "new");
        assertThat(password.header("Whdb-Prompt")).isEqualTo("password");
        assertThat(password.step().path("prompt_is_secret").asBoolean()).isTrue();
        Answer done = tenant.client().reply(password, "p@ss");
        assertThat(done.status()).as(done.text()).isEqualTo(200);
        assertThat(opened(newest(id))).isEqualTo(httpUrl("new", "p%40ss"));
        assertThat(newest(id).revision()).isEqualTo(2);
        assertThat(receiver.received()).hasSize(2);
    }

    @Test
    void sharesRowsOfAnHttpTargetOut() throws Exception {
        TestingTenant tenant = tenant("wide@example.org");
        Map<String, Object> given =
                Map.of("connection_url", httpUrl("a", "b"), "period_seconds", 60, "parallelism", 4);
        String id = create(tenant, "http", given).body().path("opaque_id").asText();
        assertThat(newest(id).settings().lanes()).isEqualTo(new Lanes(4, 0));
        String update = path(tenant, "http") + "/" + id + "/update";
        Answer same = tenant.client().post(update, Map.of("parallelism", 4));
        assertThat(same.message()).doesNotContain("once more");
        assertThat(newest(id).settings().lanes()).isEqualTo(new Lanes(4, 0));
        Answer one = tenant.client().post(update, Map.of("parallelism", 1));
        assertThat(one.message()).contains("once more");
        assertThat(one.body().path("parallelism").asInt()).isEqualTo(1);
        assertThat(newest(id).settings().lanes()).isEqualTo(new Lanes(1, 1));
        assertThat(tenant.client().post(update, Map.of("parallelism", 9)).status()).isEqualTo(400);
        Answer database =
                create(
                        tenant,
                        "db",
                        Map.of(
                                "connection_url",
                                system.superuser().url(),
                                "period_seconds",
                                60,
                                "parallelism",
                                2));
        assertThat(database.status()).isEqualTo(400);
        assertThat(database.message()).contains("HTTP syncs");
    }

    @Test
    void pausesResumesAndStartsOverWithoutOtherChanges() throws Exception {
        TestingTenant tenant = tenant("paused@example.org");
        String path = path(tenant, "http");
        String id =
                create(
                                tenant,
                                "http",
                                Map.of("connection_url", httpUrl("a", "b"), "period_seconds", 60))
                        .body()
                        .path("opaque_id")
                        .asText();
        Answer paused = tenant.client().post(path + "/" + id + "/pause", Map.of());
        assertThat(paused.body().path("state").asText()).isEqualTo("paused");
        assertThat(newest(id).settings().pause()).isTrue();
        assertThat(
                        tenant.client()
                                .get(path + "/status?target=" + id)
                                .body()
                                .at("/items/0/state")
                                .asText())
                .isEqualTo("paused");
        tenant.client().post(path + "/" + id + "/resume", Map.of());
        assertThat(newest(id).settings().pause()).isFalse();
        tenant.client().post(path + "/" + id + "/resync", Map.of());
        assertThat(newest(id).settings().epoch()).isEqualTo(1);
        assertThat(newest(id).revision()).isEqualTo(4);
        assertThat(opened(newest(id))).isEqualTo(httpUrl("a", "b"));

        try (var connection = TestingSystem.connect(system.application());
                var statement = connection.createStatement()) {
            statement.execute(
                    """
                    INSERT INTO sync_progress (target, integration, shard, organization_id,
                        row_count, bytes, pending, loaded, loading, oldest_pending_at,
                        reported_at, failures, last_failure, last_failure_at)
                    VALUES ('%s', '%s', 0, %d, 7, 700, 3, 5, false, now() - interval '90 s',
                        now(), 0, 'it answered 503', now())
                    """
                            .formatted(id, tenant.integration(), tenant.organization()));
        }
        JsonNode status = tenant.client().get(path + "/status").body().at("/items/0");
        assertThat(status.path("table").asText()).isEqualTo(tenant.table());
        assertThat(status.path("state").asText()).isEqualTo("syncing");
        assertThat(status.path("rows").asLong()).isEqualTo(7);
        assertThat(status.path("lag").asLong()).isBetween(89L, 300L);
        assertThat(status.path("last_error").asText()).isEqualTo("it answered 503");
        assertThat(tenant.client().get(path(tenant, "db") + "/status").body().path("items").size())
                .isZero();
    }

    @Test
    void takesAllIntegrationsAndKeepsColumnsToItself() {
        TestingTenant tenant = tenant("masked@example.org");
        String path = path(tenant, "http");
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("service_integration_identifier", "org");
        body.put("connection_url", httpUrl("a", "b"));
        body.put("period_seconds", 60);
        body.put("drop", "stripe_id");
        Answer key = tenant.client().post(path + "/create", body);
        assertThat(key.body().at("/error/field_errors/drop/0").asText() + key.message())
                .contains("stripe_id", "hashed, not dropped");
        body.put("drop", java.util.List.of("emial"));
        assertThat(tenant.client().post(path + "/create", body).text())
                .contains("emial", "Allowed", "email");
        body.put("drop", "name");
        body.put("table", "t");
        body.put("connection_url", system.superuser().url());
        assertThat(tenant.client().post(path(tenant, "db") + "/create", body).text())
                .contains("validation_error", "must be blank");
        body.put("connection_url", httpUrl("a", "b"));
        body.remove("table");
        body.put("hash", "email,stripe_id");
        Answer created = tenant.client().post(path + "/create", body);
        assertThat(created.status()).as(created.text()).isEqualTo(200);
        String id = created.body().path("opaque_id").asText();
        assertThat(created.body().path("associated_type").asText()).isEqualTo("organization");
        assertThat(created.body().path("data").asText()).isEqualTo("drop");
        SyncTargetControl record = newest(id);
        assertThat(record.takesAllIntegrations()).isTrue();
        assertThat(record.settings().columns().dropped()).containsExactly("name");
        assertThat(record.settings().columns().keepData()).isFalse();
        String sealedKey = record.settings().columns().hashKeyCiphertext();
        assertThat(hashKey(record)).hasSize(44);

        Answer updated =
                tenant.client()
                        .post(path + "/" + id + "/update", Map.of("drop", "", "data", "keep"));
        assertThat(updated.status()).as(updated.text()).isEqualTo(200);
        assertThat(newest(id).settings().columns().dropped()).isEmpty();
        assertThat(newest(id).settings().columns().hashed()).containsExactly("email", "stripe_id");
        assertThat(newest(id).settings().columns().keepData()).isTrue();
        assertThat(newest(id).settings().columns().hashKeyCiphertext()).isEqualTo(sealedKey);
        assertThat(
                        tenant.client()
                                .post(path + "/" + id + "/delete", Map.of("confirm", "org"))
                                .status())
                .isEqualTo(200);
    }

    @Test
    void areForAdminsToChange() throws Exception {
        TestingTenant tenant = tenant("no-admin@example.org");
        String path = path(tenant, "http");
        Map<String, Object> given =
                Map.of("connection_url", httpUrl("a", "b"), "period_seconds", 60);
        String id = create(tenant, "http", given).body().path("opaque_id").asText();
        try (var connection = TestingSystem.connect(system.application());
                var statement = connection.createStatement()) {
            statement.execute(
                    "UPDATE memberships SET role = 'member' WHERE organization_id = "
                            + tenant.organization());
        }
        String handlers = "/v1/organizations/" + tenant.organization() + "/error_handlers/create";
        assertThat(create(tenant, "http", given).code()).isEqualTo("permission_check");
        for (String action :
                new String[] {
                    "update", "update_credentials", "delete", "sync", "pause", "resume", "resync"
                }) {
            assertThat(tenant.client().post(path + "/" + id + "/" + action, Map.of()).status())
                    .as(action)
                    .isEqualTo(403);
        }
        assertThat(tenant.client().post(handlers, Map.of("url", "https://1.1.1.1/")).status())
                .isEqualTo(403);
        assertThat(tenant.client().get(path).body().path("items").size()).isEqualTo(1);
        assertThat(newest(id).revision()).isEqualTo(1);
    }

    @Test
    void refusesWhatCannotBe() {
        TestingTenant tenant = tenant("refused@example.org");
        String good = httpUrl("a", "b");
        String pg = system.superuser().url();
        refused(tenant, "http", "period_seconds", good, Map.of("period_seconds", 59));
        refused(tenant, "http", "period_seconds", good, Map.of("period_seconds", 86401));
        refused(tenant, "http", "period_seconds", good, Map.of("period_seconds", "often"));
        refused(tenant, "http", "page_size", good, Map.of("page_size", 0));
        refused(tenant, "http", "page_size", good, Map.of("page_size", 1001));
        refused(tenant, "http", "connection_url", pg, Map.of());
        refused(tenant, "http", "connection_url", "https://1.1.1.1/", Map.of());
        refused(tenant, "db", "connection_url", good, Map.of());
        refused(tenant, "db", "connection_url", "mysql://a:b@h/d", Map.of());
        refused(tenant, "db", "schema", pg, Map.of("schema", "a\"b"));
        refused(tenant, "db", "table", pg, Map.of("table", "1a"));
        refused(tenant, "db", "table", pg, Map.of("table", "a".repeat(64)));
        refused(
                tenant,
                "db",
                "service_integration_identifier",
                pg,
                Map.of("service_integration_identifier", " "));
        assertThat(create(tenant, "db", Map.of("connection_url", "mysql://a:b@h/d")).message())
                .contains("postgres://", "redshift://", "snowflake://");
        assertThat(tenant.client().get(path(tenant, "db")).body().path("items").size()).isZero();
        assertThat(tenant.client().get(path(tenant, "http")).body().path("items").size()).isZero();
    }

    @Test
    void refusesWhatDoesNotAnswerOrMayNotBeAsked() {
        TestingTenant tenant = tenant("unreachable@example.org");
        PostgresUrl pg = system.superuser();
        unusable(tenant, "http", "https://a:b@10.0.0.1/", "private");
        unusable(tenant, "http", "http://a:b@1.1.1.1/", "plain http");
        unusable(tenant, "http", "http://a:b@[::1]:1/", "loopback");
        unusable(tenant, "http", "http://a:b@127.0.0.1:1/", "connection failed");
        unusable(tenant, "http", "https://a:b@" + receiver.authority() + "/", "cannot be used");
        unusable(tenant, "db", "postgres://a:b@192.168.0.1/d", "private");
        unusable(tenant, "db", "postgres://a:b@[::1]/d", "loopback");
        unusable(tenant, "db", "postgres://a:b@1.1.1.1/d?sslmode=disable", "sslmode=disable");
        unusable(tenant, "db", pg.with("postgres", "nobody", "wrong").url(), "user and password");
        unusable(tenant, "db", pg.with("nowhere", pg.user(), pg.password()).url(), "no database");
        try (TestingReceiver broken = TestingReceiver.answering(500)) {
            unusable(tenant, "http", "http://a:b@" + broken.authority() + "/", "status 500");
        }
        try (TestingReceiver moved = TestingReceiver.answering(302)) {
            unusable(tenant, "http", "http://a:b@" + moved.authority() + "/", "status 302");
            unusable(tenant, "http", "http://a:b@" + moved.authority() + "/moved/", "status 302");
            unusable(
                    tenant,
                    "http",
                    "http://a:b@" + moved.authority() + "/movedhttp://10.0.0.1/",
                    "10.0.0.1");
        }
        try (TestingReceiver moved = TestingReceiver.answering(200)) {
            unusable(
                    tenant,
                    "http",
                    "http://a:b@" + moved.authority() + "/moved/moved/moved/moved/in",
                    "redirects");
            Answer followed =
                    create(
                            tenant,
                            "http",
                            Map.of(
                                    "connection_url",
                                    "http://a:b@" + moved.authority() + "/moved/moved/in",
                                    "period_seconds",
                                    60));
            assertThat(followed.status()).as(followed.text()).isEqualTo(200);
            TestingReceiver.Received last = moved.received().get(moved.received().size() - 1);
            assertThat(last.path()).isEqualTo("/in");
            assertThat(last.method()).isEqualTo("POST");
            assertThat(last.authorization()).isNotNull();
        }
    }

    @Test
    void takesAWarehouseWithoutTryingItAndHidesAllItsSecrets() {
        TestingTenant tenant = tenant("warehouse@example.org");
        String url =
                "redshift://loader:s3cret@1.1.1.1/dev?s3=loads&region=eu-west-1"
                        + "&s3_key=AKIA123&s3_secret=t0psecret";
        Answer created =
                create(
                        tenant,
                        "db",
                        Map.of("connection_url", url, "period_seconds", 600, "page_size", 10_000));
        assertThat(created.status()).as(created.text()).isEqualTo(200);
        assertThat(created.message()).contains("first tried by the sync");
        assertThat(created.text()).doesNotContain("s3cret").doesNotContain("t0psecret");
        String id = created.body().path("opaque_id").asText();
        assertThat(newest(id).kind()).isEqualTo(SyncTargetControl.Kind.REDSHIFT);
        assertThat(opened(newest(id))).contains("s3cret", "t0psecret");
        Answer replaced =
                tenant.client()
                        .post(
                                path(tenant, "db") + "/" + id + "/update_credentials",
                                Map.of("user", "loader", "password", "new"));
        assertThat(replaced.header("Whdb-Prompt")).isEqualTo("s3_key");
        Answer key = tenant.client().reply(replaced, "AKIA2");
        assertThat(key.header("Whdb-Prompt")).isEqualTo("s3_secret");
        assertThat(key.step().path("prompt_is_secret").asBoolean()).isTrue();
        Answer done = tenant.client().reply(key, "n3wsecret");
        assertThat(done.status()).as(done.text()).isEqualTo(200);
        assertThat(done.text()).doesNotContain("n3wsecret");
        assertThat(opened(newest(id)))
                .contains("loader:new@", "s3_key=AKIA2", "s3_secret=n3wsecret")
                .doesNotContain("t0psecret", "s3cret@");
        Answer snowflake =
                create(
                        tenant,
                        "db",
                        Map.of(
                                "connection_url",
                                "snowflake://u:-----BEGIN%20PRIVATE%20KEY-----s3cret@acme/db",
                                "period_seconds",
                                600));
        assertThat(snowflake.status()).isEqualTo(400);
        assertThat(snowflake.message()).contains("PKCS#8").doesNotContain("s3cret");
        unusable(tenant, "db", "redshift://a:b@10.0.0.1/dev", "private");
    }

    private void unusable(TestingTenant tenant, String family, String url, String why) {
        Answer refused =
                create(tenant, family, Map.of("connection_url", url, "period_seconds", 60));
        assertThat(refused.status()).as(url).isEqualTo(400);
        assertThat(refused.code()).isEqualTo("invalid_sync_target_connection");
        assertThat(refused.message()).contains(why).doesNotContain("a:b");
    }

    private void refused(
            TestingTenant tenant,
            String family,
            String field,
            String url,
            Map<String, Object> more) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("connection_url", url);
        body.put("period_seconds", 60);
        body.putAll(more);
        Answer refused = create(tenant, family, body);
        assertThat(refused.status()).as(field + more).isEqualTo(400);
        assertThat(refused.code()).isEqualTo("validation_error");
        assertThat(refused.body().at("/error/field_errors/" + field).isArray())
                .as(refused.text())
                .isTrue();
    }

    private TestingTenant tenant(String email) {
        return TestingTenant.of(system, email, "stripe_customer_v1");
    }

    private String httpUrl(String user, String password) {
        return "http://" + user + ":" + password + "@" + receiver.authority() + "/in?x=1";
    }

    private static String path(TestingTenant tenant, String family) {
        return "/v1/organizations/" + tenant.organization() + "/sync_targets/" + family;
    }

    private static Answer create(TestingTenant tenant, String family, Map<String, Object> given) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("service_integration_identifier", tenant.table());
        body.put("schema", "");
        body.put("table", "");
        body.putAll(given);
        return tenant.client().post(path(tenant, family) + "/create", body);
    }

    private String opened(SyncTargetControl record) {
        return system.keysets()
                .connectionsOpener()
                .open(
                        record.connectionUrlCiphertext(),
                        SyncTargetControl.connectionUrlContext(record.id()));
    }

    private String hashKey(SyncTargetControl record) {
        return system.keysets()
                .connectionsOpener()
                .open(
                        record.settings().columns().hashKeyCiphertext(),
                        SyncColumns.hashKeyContext(record.id()));
    }

    private SyncTargetControl newest(String id) {
        return (SyncTargetControl)
                TestingControlTopic.newest(system.bootstrap(), "sync_target/" + id).orElseThrow();
    }
}
