package io.webhookdb.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.webhookdb.security.connection.PostgresUrl;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * All parts as separate processes, under load, while they are killed with kill -9 at random; at the
 * end nothing that was acknowledged is missing anywhere. The build kills each kind once; {@code mvn
 * verify -Pchaos} goes on for ten minutes, with a process for each job.
 */
@Timeout(1500)
class ChaosITCase {
    private static final String SECRET = "whsec_chaos";
    private static final Duration TIME =
            Duration.ofSeconds(Long.getLong("webhookdb.chaos.seconds", 30));
    private static final int RATE = Integer.getInteger("webhookdb.chaos.rate", 300);

    /** Longest time between two kills; starting a part takes seconds of a processor each time. */
    private static final int PAUSE_MILLIS =
            Integer.getInteger("webhookdb.chaos.pause", TIME.toSeconds() > 60 ? 25_000 : 6_000);

    private static final long SEED = Long.getLong("webhookdb.chaos.seed", System.nanoTime());
    private static final Duration CATCH_UP = Duration.ofMinutes(6);
    private static final List<List<String>> JOBS =
            TIME.toSeconds() > 60
                    ? List.of(
                            List.of("replication"),
                            List.of("delivery"),
                            List.of("sync"),
                            List.of("backfill"))
                    : List.of(List.of("replication", "delivery", "sync", "backfill"));

    private final Random random = new Random(SEED);
    private final CountDownLatch never = new CountDownLatch(1);

    @TempDir Path folder;

    @Test
    void losesNothingAcknowledgedWhileProcessesAreKilledAtRandom() throws Exception {
        try (ChaosReceiver receiver = new ChaosReceiver();
                ChaosVendor vendor = new ChaosVendor();
                ChaosSystem system = new ChaosSystem(folder, JOBS, vendor.url())) {
            ApiClient api = system.api();
            String organization =
                    api.post("/v1/organizations/create", ApiClient.object().put("name", "Chaos"))
                            .path("id")
                            .asText();
            JsonNode integration = integration(api, organization);
            String url = url(api, organization, integration);
            onward(api, organization, integration, receiver, system);
            PostgresUrl replica = replica(system, api, organization);

            backfill(api, organization, integration);
            ChaosLoad load = new ChaosLoad(url, SECRET, RATE);
            await().atMost(CATCH_UP)
                    .until(
                            () -> {
                                system.startAgain();
                                return load.acknowledged().size() > 200;
                            });
            List<String> killed = killForAWhile(system);
            load.stop();
            system.startAgain();
            System.out.printf(
                    "chaos seed %d: killed %s; answers %s; %d customers%n",
                    SEED, killed, new TreeMap<>(load.answers()), load.acknowledged().size());

            Map<String, Integer> expected = new HashMap<>(load.acknowledged());
            expected.putAll(vendor.customers());
            String table = integration.path("table_name").asText();
            awaitAll(system, "rows", expected, () -> rows(replica, "\"" + table + "\""));
            awaitAll(system, "webhooks", expected, receiver::delivered);
            awaitAll(system, "HTTP sync", expected, receiver::synced);
            awaitAll(
                    system,
                    "DB sync",
                    expected,
                    () -> rows(system.database("warehouse"), "chaos.customers"));
            assertThat(killed).containsAll(system.victims());
            newcomersAreServed(system, organization, replica);
        }
    }

    /** Once it is set up, which takes its time on a busy machine. */
    private static PostgresUrl replica(ChaosSystem system, ApiClient api, String organization) {
        return await().atMost(CATCH_UP)
                .ignoreExceptionsInstanceOf(DemoFailure.class)
                .until(
                        () -> {
                            system.startAgain();
                            return PostgresUrl.parse(
                                    api.get("/v1/db/" + organization + "/connection")
                                            .path("connection_url")
                                            .asText());
                        },
                        url -> true);
    }

    /** Those who were killed do again what they are there for, not only what they had begun. */
    private static void newcomersAreServed(
            ChaosSystem system, String organization, PostgresUrl replica) {
        // Answers once the api does.
        ApiClient api = system.api();
        JsonNode integration = integration(api, organization);
        String url = url(api, organization, integration);
        SampleEvent event = new Samples().customer("cus_new", "Ada", 1_700_000_000L, 1);
        String table = "\"" + integration.path("table_name").asText() + "\"";
        await().atMost(CATCH_UP)
                .ignoreExceptions()
                .until(() -> new VendorSender().send(url, event, SECRET).statusCode() == 202);
        awaitAll(system, "rows of a newcomer", Map.of("cus_new", 100), () -> rows(replica, table));
    }

    private static void backfill(ApiClient api, String organization, JsonNode integration) {
        String path =
                "/v1/organizations/"
                        + organization
                        + "/service_integrations/"
                        + integration.path("opaque_id").asText()
                        + "/backfill";
        api.converse(api.post(path, ApiClient.object()), Map.of("backfill_key", "rk_live_chaos"));
    }

    private static JsonNode integration(ApiClient api, String organization) {
        String base = "/v1/organizations/" + organization + "/service_integrations";
        api.converse(
                api.post(
                        base + "/create",
                        ApiClient.object()
                                .put("service_name", Samples.STRIPE_CUSTOMER)
                                // Asked for from the second of a service on.
                                .put("guard_confirm", "y")),
                Map.of("webhook_secret", SECRET));
        JsonNode items = api.get(base).path("items");
        return items.get(items.size() - 1);
    }

    private static String url(ApiClient api, String organization, JsonNode integration) {
        return api.post(
                        "/v1/organizations/"
                                + organization
                                + "/service_integrations/"
                                + integration.path("opaque_id").asText()
                                + "/info",
                        ApiClient.object().put("field", "url"))
                .at("/blocks/0/value")
                .asText();
    }

    private static void onward(
            ApiClient api,
            String organization,
            JsonNode integration,
            ChaosReceiver receiver,
            ChaosSystem system) {
        String base = "/v1/organizations/" + organization;
        String id = integration.path("opaque_id").asText();
        api.post(
                base + "/webhook_subscriptions/create",
                ApiClient.object()
                        .put("service_integration_identifier", id)
                        .put("url", "http://" + receiver.url("/hook"))
                        .put("webhook_secret", "onward"));
        api.post(
                base + "/sync_targets/http/create",
                target(id, "http://u:p@" + receiver.url("/sync"))
                        .put("schema", "")
                        .put("table", ""));
        api.post(
                base + "/sync_targets/db/create",
                target(id, system.database("warehouse").url())
                        .put("schema", "chaos")
                        .put("table", "customers"));
    }

    private static ObjectNode target(String integration, String connection) {
        return ApiClient.object()
                .put("service_integration_identifier", integration)
                .put("connection_url", connection)
                .put("period_seconds", 1);
    }

    /** Kills one after another in random order, each kind at least once; returns who was killed. */
    private List<String> killForAWhile(ChaosSystem system) throws Exception {
        List<String> killed = new ArrayList<>();
        long end = System.nanoTime() + TIME.toNanos();
        while (killed.isEmpty() || System.nanoTime() < end) {
            List<String> order = new ArrayList<>(system.victims());
            Collections.shuffle(order, random);
            for (String victim : order) {
                system.kill(victim);
                killed.add(victim);
                pass(500 + random.nextInt(3_000));
                system.startAgain();
                pass(1_000 + random.nextInt(PAUSE_MILLIS - 1_000));
            }
        }
        return killed;
    }

    private void pass(int millis) throws InterruptedException {
        assertThat(never.await(millis, TimeUnit.MILLISECONDS)).isFalse();
    }

    private static Map<String, Integer> rows(PostgresUrl url, String table) {
        Map<String, Integer> rows = new HashMap<>();
        MovingSystem.query(url, "SELECT stripe_id, balance FROM " + table)
                .forEach(row -> rows.put(row.get(0), Integer.parseInt(row.get(1))));
        return rows;
    }

    private interface Seen {
        Map<String, Integer> get();
    }

    /** A part that gave up because another was still away is started again meanwhile. */
    private static void awaitAll(
            ChaosSystem system, String where, Map<String, Integer> expected, Seen seen) {
        await().atMost(CATCH_UP)
                .pollInterval(Duration.ofMillis(500))
                .ignoreExceptions()
                .untilAsserted(
                        () -> {
                            system.startAgain();
                            Map<String, Integer> there = seen.get();
                            assertThat(
                                            expected.entrySet().stream()
                                                    .filter(
                                                            one ->
                                                                    there.getOrDefault(
                                                                                    one.getKey(),
                                                                                    -1)
                                                                            < one.getValue())
                                                    .limit(5))
                                    .as("missing in " + where + ", seed " + SEED)
                                    .isEmpty();
                        });
    }
}
