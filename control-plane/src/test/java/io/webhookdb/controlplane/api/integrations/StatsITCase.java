package io.webhookdb.controlplane.api.integrations;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.webhookdb.controlplane.SharedControlPlane;
import io.webhookdb.controlplane.TestingSystem;
import io.webhookdb.controlplane.TestingTenant;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedControlPlane.class)
class StatsITCase {
    private final TestingSystem system;

    StatsITCase(TestingSystem system) {
        this.system = system;
    }

    @Test
    void showsSevenDaysAndNotTheEighth() throws Exception {
        TestingTenant tenant = TestingTenant.of(system, "stats@example.org", "stripe_charge_v1");
        report(tenant.integration(), "1 hour", 1_234_560, 0);
        report(tenant.integration(), "2 days", 0, 7);
        report(tenant.integration(), "8 days", 1_000, 1_000);
        report("svi_of_somebody_else", "1 hour", 5, 5);

        JsonNode stats = stats(tenant);

        assertThat(stats.path("count_last_7_days").asLong()).isEqualTo(1_234_567);
        assertThat(stats.path("count_last_7_days_formatted").asText()).isEqualTo("1,234,567");
        assertThat(stats.path("success_last_7_days").asLong()).isEqualTo(1_234_560);
        assertThat(stats.path("success_last_7_days_percent_formatted").asText())
                .isEqualTo("100.0%");
        assertThat(stats.path("rejected_last_7_days").asLong()).isEqualTo(7);
        assertThat(stats.path("rejected_last_7_days_formatted").asText()).isEqualTo("7");
        assertThat(stats.path("rejected_last_7_days_percent").isNumber()).isTrue();
        assertThat(stats.path("rejected_last_7_days_percent_formatted").asText()).isEqualTo("0.0%");
        assertThat(stats.path("successful_of_last_10").asLong()).isEqualTo(10);
        assertThat(stats.path("successful_of_last_10_formatted").asText()).isEqualTo("10");
        assertThat(stats.path("rejected_of_last_10").asLong()).isZero();
        assertThat(stats.path("rejected_of_last_10_formatted").asText()).isEqualTo("0");
        assertThat(stats.path("message").isTextual()).isTrue();
        assertThat(stats.path("display_headers")).hasSize(7);
        stats.path("display_headers")
                .forEach(
                        header ->
                                assertThat(stats.path(header.path(0).asText()).isTextual())
                                        .as(header.toString())
                                        .isTrue());
    }

    @Test
    void hasOnlyMessageAndHeadersWhenNothingCameIn() {
        TestingTenant tenant =
                TestingTenant.of(system, "stats-none@example.org", "stripe_charge_v1");

        JsonNode stats = stats(tenant);

        assertThat(stats.size()).isEqualTo(2);
        assertThat(stats.path("message").asText()).isNotEmpty();
        assertThat(stats.path("display_headers")).hasSize(7);
    }

    @Test
    void showsTheMinutesOfTheLastHourNewestFirst() throws Exception {
        TestingTenant tenant =
                TestingTenant.of(system, "stats-minutes@example.org", "stripe_charge_v1");
        report(tenant.integration(), "3 minutes", 5, 1);
        report(tenant.integration(), "1 minute", 7, 0);
        report(tenant.integration(), "2 hours", 9, 0);

        JsonNode answer = get(tenant, "/stats/minutes");

        assertThat(answer.path("items")).hasSize(2);
        assertThat(answer.at("/items/0/received").asLong()).isEqualTo(7);
        assertThat(answer.at("/items/1/rejected").asLong()).isEqualTo(1);
        assertThat(answer.path("display_headers")).hasSize(10);
        answer.path("display_headers")
                .forEach(
                        header ->
                                assertThat(answer.at("/items/0").has(header.path(0).asText()))
                                        .as(header.toString())
                                        .isTrue());
        assertThat(get(tenant, "/stats/minutes?minutes=180").path("items")).hasSize(3);
    }

    private static JsonNode stats(TestingTenant tenant) {
        return get(tenant, "/stats");
    }

    private static JsonNode get(TestingTenant tenant, String path) {
        return tenant.client()
                .get(
                        "/v1/organizations/"
                                + tenant.organization()
                                + "/service_integrations/"
                                + tenant.table()
                                + path)
                .body();
    }

    private void report(String integration, String ago, long received, long rejected)
            throws SQLException {
        try (Connection connection = TestingSystem.connect(system.application());
                PreparedStatement insert =
                        connection.prepareStatement(
                                "INSERT INTO integration_minutes (integration, minute, received,"
                                        + " rejected) VALUES (?, date_trunc('minute', now() -"
                                        + " ?::interval), ?, ?)")) {
            insert.setString(1, integration);
            insert.setString(2, ago);
            insert.setLong(3, received);
            insert.setLong(4, rejected);
            insert.executeUpdate();
        }
    }
}
