package io.webhookdb.controlplane.provisioner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.webhookdb.controlplane.TestingClient.Answer;
import io.webhookdb.controlplane.TestingControlTopic;
import io.webhookdb.controlplane.TestingSystem;
import io.webhookdb.controlplane.TestingTenant;
import io.webhookdb.embedded.EmbeddedPostgresServer;
import io.webhookdb.schemas.control.ControlHeartbeat;
import io.webhookdb.schemas.control.IntegrationControl;
import io.webhookdb.security.connection.PostgresUrl;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What happens while something the provisioner needs is away, and after. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OutageITCase {
    private static final String PENDING = "still being set up";
    private static final Duration RECOVERY = Duration.ofSeconds(60);

    private EmbeddedPostgresServer second;
    private TestingSystem system;

    @BeforeAll
    void start(@TempDir Path keysets) {
        second = EmbeddedPostgresServer.start(EmbeddedPostgresServer.Settings.temporary());
        system =
                TestingSystem.start(
                        keysets.resolve("keysets"),
                        List.of(PostgresUrl.parse(second.superuserUrl())),
                        settings -> settings.withProvisioningWait(Duration.ofSeconds(5)));
    }

    @AfterAll
    void stop() {
        system.close();
        second.close();
    }

    @Test
    void keepsTheTroubleOfOneServerToItself() {
        TestingTenant healthy = tenantOn(system.postgres().port(), "healthy");
        TestingTenant stricken = tenantOn(second.port(), "stricken");
        second.stop();
        try {
            Answer pending = create(stricken, "stripe_price_v1");
            assertThat(pending.status()).isEqualTo(200);
            assertThat(pending.step().path("output").asText()).contains(PENDING);
            // Ingest is told all the same, so that what vendors send is kept until the table is there.
            await().atMost(RECOVERY).until(() -> control(stricken, "stripe_price_v1"));
            assertThat(stricken.sql("SELECT 1").status()).isEqualTo(503);

            assertThat(create(healthy, "stripe_price_v1").step().path("output").asText())
                    .doesNotContain(PENDING);
            TestingTenant.of(system, "placed-elsewhere@example.org", "stripe_price_v1");
            assertThat(heartbeatFlows()).isTrue();
        } finally {
            second.start();
        }
        await().atMost(RECOVERY)
                .untilAsserted(
                        () ->
                                assertThat(
                                                stricken.client()
                                                        .get(
                                                                "/v1/db/"
                                                                        + stricken.organization()
                                                                        + "/tables")
                                                        .text())
                                        .contains("stripe_price_v1_"));
    }

    @Test
    void catchesUpWhenTheProvisionerComesBack() {
        TestingTenant tenant =
                TestingTenant.of(system, "catch-up@example.org", "stripe_customer_v1");
        system.stopProvisioner();
        try {
            Answer pending = create(tenant, "stripe_price_v1");
            assertThat(pending.status()).isEqualTo(200);
            assertThat(pending.step().path("output").asText()).contains(PENDING);
        } finally {
            system.startProvisioner();
        }

        await().atMost(RECOVERY).until(() -> control(tenant, "stripe_price_v1"));
    }

    @Test
    void forgetsWhatEndedBeforeItBegan() throws SQLException {
        system.stopProvisioner();
        TestingTenant tenant;
        try {
            var client = system.login("brief@example.org");
            long id = client.get("/v1/me").body().at("/default_organization/id").asLong();
            tenant = new TestingTenant(system, client, id, "", "");
            create(tenant, "stripe_price_v1");
            String path = "/v1/organizations/" + id + "/service_integrations";
            String table = client.get(path).body().at("/items/0/table_name").asText();
            assertThat(
                            client.post(path + "/stripe_price_v1/delete", Map.of("confirm", table))
                                    .status())
                    .isEqualTo(200);
            assertThat(client.get("/v1/db/" + id + "/connection").status()).isEqualTo(409);
        } finally {
            system.startProvisioner();
        }

        await().atMost(RECOVERY).until(() -> number("SELECT count(*) FROM provisioning") == 0);
        assertThat(
                        number(
                                "SELECT count(*) FROM integrations WHERE organization_id = "
                                        + tenant.organization()
                                        + " AND table_dropped_at IS NOT NULL"))
                .isEqualTo(1);
    }

    @Test
    void publishesWhatKafkaMissed() {
        TestingTenant tenant = TestingTenant.of(system, "kafka@example.org", "stripe_customer_v1");
        system.kafka().stop();
        try {
            assertThat(create(tenant, "stripe_price_v1").step().path("output").asText())
                    .contains(PENDING);
        } finally {
            system.kafka().start();
        }

        await().atMost(RECOVERY).until(() -> control(tenant, "stripe_price_v1"));
    }

    @Test
    void goesOnAfterTheApplicationDatabaseWasAway() {
        TestingTenant tenant =
                TestingTenant.of(system, "database@example.org", "stripe_customer_v1");
        system.postgres().restart();

        await().atMost(RECOVERY).ignoreExceptions().until(this::heartbeatFlows);
        await().atMost(RECOVERY)
                .ignoreExceptions()
                .until(
                        () ->
                                create(tenant, "stripe_price_v1").status() == 200
                                        && control(tenant, "stripe_price_v1"));
    }

    @Test
    void worksOneAtATime() {
        TestingTenant tenant = TestingTenant.of(system, "two@example.org", "stripe_customer_v1");
        try (Provisioner standby = system.newProvisioner()) {
            assertThat(standby).isNotNull();
            assertThat(
                            number(
                                    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND"
                                            + " granted"))
                    .isEqualTo(1);
            system.stopProvisioner();
            assertThat(create(tenant, "stripe_price_v1").status()).isEqualTo(200);
            await().atMost(RECOVERY).until(() -> control(tenant, "stripe_price_v1"));
        } finally {
            system.startProvisioner();
        }
        await().atMost(RECOVERY).until(this::heartbeatFlows);
    }

    @Test
    void publishesEverythingAgainAtStart() {
        TestingTenant tenant = TestingTenant.of(system, "again@example.org", "stripe_customer_v1");
        long before = published(tenant.integration());
        system.stopProvisioner();
        system.startProvisioner();

        await().atMost(RECOVERY).until(() -> published(tenant.integration()) > before);
    }

    @Test
    void repeatsWorkThatWasCutOff() throws SQLException {
        TestingTenant tenant = TestingTenant.of(system, "cut@example.org", "stripe_customer_v1");
        PostgresUrl reader = tenant.reader();
        String again =
                "UPDATE organization_databases SET ready_at = NULL WHERE organization_id = %1$d;"
                    + " UPDATE integrations SET table_ready_at = NULL, built_table = NULL WHERE"
                    + " organization_id = %1$d; INSERT INTO provisioning (kind, entity_id) SELECT"
                    + " 'organization', %1$d; INSERT INTO provisioning (kind, entity_id) SELECT"
                    + " 'integration', id FROM integrations WHERE organization_id = %1$d";
        execute(again.formatted(tenant.organization()));

        await().atMost(RECOVERY)
                .until(
                        () ->
                                number(
                                                "SELECT count(*) FROM integrations WHERE"
                                                        + " table_ready_at IS NOT NULL AND"
                                                        + " organization_id = "
                                                        + tenant.organization())
                                        == 1);
        assertThat(tenant.reader()).isEqualTo(reader);
        assertThat(tenant.sql("SELECT count(*) FROM " + tenant.table()).text()).contains("[[0]]");
    }

    /** Placement is by load, so two tries find both servers. */
    private TestingTenant tenantOn(int port, String name) {
        for (int i = 0; i < 10; i++) {
            TestingTenant tenant =
                    TestingTenant.of(system, name + i + "@example.org", "stripe_customer_v1");
            if (tenant.reader().port() == port) {
                return tenant;
            }
        }
        throw new AssertionError("No organization was placed on port " + port);
    }

    private static Answer create(TestingTenant tenant, String service) {
        return tenant.client()
                .post(
                        "/v1/organizations/"
                                + tenant.organization()
                                + "/service_integrations/create",
                        Map.of("service_name", service, "guard_confirm", ""));
    }

    private boolean control(TestingTenant tenant, String service) {
        return TestingControlTopic.all(system.bootstrap()).stream()
                .anyMatch(
                        record ->
                                record instanceof IntegrationControl integration
                                        && integration.organization() == tenant.organization()
                                        && integration.service().equals(service));
    }

    private long published(String integration) {
        return TestingControlTopic.all(system.bootstrap()).stream()
                .filter(record -> record.key().equals(IntegrationControl.key(integration)))
                .count();
    }

    private boolean heartbeatFlows() {
        long before = lastHeartbeat();
        await().atMost(Duration.ofSeconds(20)).until(() -> lastHeartbeat() > before);
        return true;
    }

    private long lastHeartbeat() {
        return TestingControlTopic.all(system.bootstrap()).stream()
                .filter(ControlHeartbeat.class::isInstance)
                .mapToLong(record -> ((ControlHeartbeat) record).asOfMicros())
                .max()
                .orElse(0);
    }

    private long number(String sql) {
        try (Connection connection = TestingSystem.connect(system.application());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = TestingSystem.connect(system.application());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
