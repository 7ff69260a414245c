package io.webhookdb.controlplane.api.integrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.webhookdb.controlplane.SharedControlPlane;
import io.webhookdb.controlplane.TestingClient;
import io.webhookdb.controlplane.TestingClient.Answer;
import io.webhookdb.controlplane.TestingSystem;
import io.webhookdb.controlplane.TestingTenant;
import io.webhookdb.controlplane.events.TestingEvents;
import io.webhookdb.schemas.Topics;
import io.webhookdb.schemas.event.Event;
import io.webhookdb.schemas.event.Origin;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedControlPlane.class)
class UpsertITCase {
    private final TestingSystem system;

    UpsertITCase(TestingSystem system) {
        this.system = system;
    }

    @Test
    void putsTheBodyOnTheEventLogByteForByte() throws SQLException {
        TestingTenant tenant = tenant("u1@example.org");
        String body = "{ \"id\": \"ch_1\",\n \"amount\": 12345678901234567890.10 }";

        Answer answer = tenant.client().postRaw(path(tenant), body);

        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.message()).contains(tenant.table());
        Event event = only(tenant);
        assertThat(new String(event.body(), StandardCharsets.UTF_8)).isEqualTo(body);
        assertThat(event.origin()).isEqualTo(Origin.REPLAY);
        assertThat(event.integrationRevision()).isPositive();
        await().until(() -> count("SELECT count(*) FROM upserts WHERE NOT unreadable") == 0);
    }

    @Test
    void keepsTheHeadersTheServiceReads() {
        TestingTenant tenant = TestingTenant.of(system, "u2@example.org", "shopify_order_v1");
        TestingClient client = tenant.client();
        client.with("X-Shopify-Topic", "orders/create").with("X-Unknown", "left out");

        client.postRaw(path(tenant), "{\"id\":1}");

        assertThat(only(tenant).headers())
                .containsEntry("x-shopify-topic", "orders/create")
                .doesNotContainKey("x-unknown");
    }

    /** Until the provisioner has moved it, the body is customers' data in a database of ours. */
    @Test
    void keepsTheBodySealedUntilThen() throws SQLException {
        TestingTenant tenant = tenant("u3@example.org");
        system.stopProvisioner();
        try {
            tenant.client().postRaw(path(tenant), "{\"id\":\"ch_sealed\"}");
            assertThat(count("SELECT count(*) FROM upserts")).isEqualTo(1);
            assertThat(count("SELECT count(*) FROM upserts u WHERE u::text LIKE '%ch_sealed%'"))
                    .isZero();
        } finally {
            system.startProvisioner();
        }
        assertThat(new String(only(tenant).body(), StandardCharsets.UTF_8)).contains("ch_sealed");
    }

    @Test
    void setsAsideWhatNoKeyOpensAndGoesOn() throws SQLException {
        TestingTenant tenant = tenant("u4@example.org");
        system.stopProvisioner();
        try {
            tenant.client().postRaw(path(tenant), "{\"id\":\"ch_a\"}");
            execute("UPDATE upserts SET body_sealed = 'AAAA'");
            tenant.client().postRaw(path(tenant), "{\"id\":\"ch_b\"}");
        } finally {
            system.startProvisioner();
        }
        assertThat(new String(only(tenant).body(), StandardCharsets.UTF_8)).contains("ch_b");
        assertThat(count("SELECT count(*) FROM upserts WHERE unreadable")).isEqualTo(1);
        execute("DELETE FROM upserts");
    }

    @Test
    void refusesStrangersAndWhatIsNoRow() {
        TestingTenant tenant = tenant("u5@example.org");

        assertThat(system.client().postRaw(path(tenant), "{\"id\":1}").status()).isEqualTo(401);
        assertThat(system.login("u6@example.org").postRaw(path(tenant), "{\"id\":1}").status())
                .isEqualTo(403);
        assertThat(tenant.client().post(path(tenant)).status()).isEqualTo(400);
        assertThat(tenant.client().postRaw(path(tenant), "[1]").status()).isEqualTo(400);
    }

    private Event only(TestingTenant tenant) {
        await().until(() -> !events(tenant).isEmpty());
        assertThat(events(tenant)).hasSize(1);
        return events(tenant).get(0);
    }

    private List<Event> events(TestingTenant tenant) {
        return TestingEvents.all(system.bootstrap(), Topics.BACKFILL_EVENTS).stream()
                .filter(event -> event.integration().equals(tenant.integration()))
                .toList();
    }

    private TestingTenant tenant(String email) {
        return TestingTenant.of(system, email, "stripe_charge_v1");
    }

    private static String path(TestingTenant tenant) {
        return tenant.path() + "/upsert";
    }

    private long count(String query) throws SQLException {
        try (Connection connection = TestingSystem.connect(system.application());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = TestingSystem.connect(system.application());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
