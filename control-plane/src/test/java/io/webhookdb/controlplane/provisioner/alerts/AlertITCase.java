package io.webhookdb.controlplane.provisioner.alerts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpServer;
import io.webhookdb.controlplane.SharedControlPlane;
import io.webhookdb.controlplane.TestingSystem;
import io.webhookdb.controlplane.TestingTenant;
import io.webhookdb.controlplane.database.ApplicationDatabase;
import io.webhookdb.controlplane.provisioner.status.TestingReports;
import io.webhookdb.schemas.status.IntegrationMinute;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedControlPlane.class)
class AlertITCase {
    private static final Duration SOON = Duration.ofSeconds(40);

    private final TestingSystem system;
    private final HttpServer server;
    private final BlockingQueue<String> posted = new LinkedBlockingQueue<>();
    private final AtomicInteger status = new AtomicInteger(200);

    AlertITCase(TestingSystem system) throws IOException {
        this.system = system;
        this.server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    posted.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
                    exchange.sendResponseHeaders(status.get(), -1);
                    exchange.close();
                });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void mailsTheAdminsOnceWhenWebhooksAreRejected() {
        TestingTenant tenant = tenant("rejected-mail@example.org");

        reject(tenant, 30);
        reject(tenant, 40);

        String line =
                "alert for rejected-mail@example.org: Webhooks of stripe_customer_v1 are rejected";
        await().atMost(SOON).until(() -> system.printed().contains(line));
        await().atMost(SOON).until(() -> suppressed(tenant) > 0);
        assertThat(system.printed()).containsOnlyOnce(line);
    }

    @Test
    void postsToTheErrorHandlerInsteadAndAgainIfItFails() throws Exception {
        TestingTenant tenant = tenant("rejected-handler@example.org");
        tenant.client()
                .post(
                        "/v1/organizations/" + tenant.organization() + "/error_handlers/create",
                        Map.of(
                                "url",
                                "http://user:pass@127.0.0.1:"
                                        + server.getAddress().getPort()
                                        + "/errors"));
        status.set(500);

        reject(tenant, 30);

        JsonNode body =
                JsonMapper.builder()
                        .build()
                        .readTree(posted.poll(SOON.toSeconds(), TimeUnit.SECONDS));
        assertThat(body.path("error_type").asText()).isEqualTo("error_rejected_webhooks");
        assertThat(body.at("/details/api_url").asText()).isEqualTo("https://api.example.org");
        assertThat(body.at("/details/support_email").asText()).isEqualTo("ops@example.org");
        assertThat(body.at("/details/oss_repo").asText()).startsWith("https://");
        assertThat(body.at("/details/docs_url").asText()).startsWith("https://");
        assertThat(body.at("/details/rejected").asInt()).isEqualTo(30);
        assertThat(body.path("service_integration_id").asText()).isEqualTo(tenant.integration());
        assertThat(body.path("service_integration_table").asText()).isEqualTo(tenant.table());
        assertThat(system.printed())
                .noneMatch(line -> line.startsWith("alert for rejected-handler@example.org"));
        await().atMost(SOON).until(() -> waiting(tenant) == 1);

        status.set(200);
        update("UPDATE alert_outbox SET next_attempt_at = now() WHERE sent_at IS NULL");
        assertThat(posted.poll(SOON.toSeconds(), TimeUnit.SECONDS)).contains(tenant.integration());
        await().atMost(SOON).until(() -> waiting(tenant) == 0);
    }

    private void reject(TestingTenant tenant, long count) {
        TestingReports.send(
                system.bootstrap(),
                new IntegrationMinute(
                        tenant.organization(),
                        tenant.integration(),
                        System.currentTimeMillis() / 60_000,
                        "ingest/1",
                        0,
                        count,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0));
    }

    private long waiting(TestingTenant tenant) {
        return number(
                "SELECT count(*) FROM alert_outbox o JOIN alerts a ON a.id = o.alert_id WHERE"
                        + " o.sent_at IS NULL AND o.last_failure = 'it answered with status 500'"
                        + " AND a.organization_id = "
                        + tenant.organization());
    }

    private long suppressed(TestingTenant tenant) {
        return number(
                "SELECT coalesce(sum(suppressed), 0)::bigint FROM alert_marks WHERE signature LIKE"
                        + " '%"
                        + tenant.integration()
                        + "'");
    }

    private long number(String sql) {
        try (ApplicationDatabase database = ApplicationDatabase.open(system.application(), 1)) {
            return database.jdbi()
                    .withHandle(handle -> handle.createQuery(sql).mapTo(Long.class).one());
        }
    }

    private void update(String sql) {
        try (ApplicationDatabase database = ApplicationDatabase.open(system.application(), 1)) {
            database.jdbi().useHandle(handle -> handle.execute(sql));
        }
    }

    private TestingTenant tenant(String email) {
        return TestingTenant.of(system, email, "stripe_customer_v1");
    }
}
