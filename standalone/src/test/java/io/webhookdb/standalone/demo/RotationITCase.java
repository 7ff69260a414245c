package io.webhookdb.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.webhookdb.security.keyset.HeldKeys;
import io.webhookdb.security.keyset.KeysetFolder;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every key is replaced while many integrations receive events: none is refused, all become rows,
 * and the system restarts with the new keys alone. {@code -Drotation.integrations=1000} is the full
 * form.
 */
class RotationITCase {
    private static final int INTEGRATIONS = Integer.getInteger("rotation.integrations", 100);
    private static final int SENDERS = 2;

    @TempDir Path folder;

    private record Receiver(String id, String url, String secret, String table) {}

    @Test
    void refusesNoEventAndNeedsNoOldKeyAfterwards() throws Exception {
        try (TestingProcess system = new TestingProcess(folder)) {
            ApiClient api = new ApiClient(system.up().path("api_url").asText());
            api.login("rotation@example.com", () -> "000000");
            String organization =
                    api.post("/v1/organizations/create", ApiClient.object().put("name", "Rotation"))
                            .path("id")
                            .asText();
            List<Receiver> receivers = integrations(api, organization);
            KeysetFolder keysets = KeysetFolder.open(system.data().resolve("keysets"));
            Set<Long> before = keys(keysets);

            AtomicBoolean done = new AtomicBoolean();
            Queue<String> refused = new ConcurrentLinkedQueue<>();
            Set<String> sent = ConcurrentHashMap.newKeySet();
            List<Thread> senders = send(receivers, done, sent, refused);
            Process first = system.rotate("rotate.log");
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> system.log("rotate.log").contains("await_distributed"));
            // Whoever is at it may be killed at any time.
            first.destroyForcibly().waitFor();
            Process second = system.rotate("rotate.log");
            assertThat(second.waitFor(10, TimeUnit.MINUTES))
                    .as(() -> system.log("rotate.log"))
                    .isTrue();
            assertThat(second.exitValue()).as(() -> system.log("rotate.log")).isZero();
            assertThat(keys(keysets)).hasSize(before.size()).doesNotContainAnyElementsOf(before);
            done.set(true);
            for (Thread sender : senders) {
                sender.join();
            }
            assertThat(refused).isEmpty();
            assertThat(sent).hasSizeGreaterThan(INTEGRATIONS);

            system.kill();
            ApiClient again = new ApiClient(system.up().path("api_url").asText());
            again.login("rotation@example.com", () -> "000000");
            VendorSender vendor = new VendorSender();
            for (Receiver receiver : receivers) {
                String id = "cus_after_" + receiver.id();
                assertThat(post(vendor, receiver, id).statusCode()).isEqualTo(202);
                sent.add(id);
            }
            assertThat(rows(again, organization, receivers)).containsAll(sent);
        }
    }

    private static List<Receiver> integrations(ApiClient api, String organization) {
        String base = "/v1/organizations/" + organization + "/service_integrations";
        List<Receiver> receivers = new ArrayList<>();
        for (int i = 0; i < INTEGRATIONS; i++) {
            String secret = "whsec_rotation_" + i;
            api.converse(
                    api.post(
                            base + "/create",
                            ApiClient.object()
                                    .put("service_name", Samples.STRIPE_CUSTOMER)
                                    .put("guard_confirm", "")),
                    Map.of("webhook_secret", secret));
        }
        int i = 0;
        for (JsonNode integration : api.get(base).path("items")) {
            String id = integration.path("opaque_id").asText();
            String url =
                    api.post(base + "/" + id + "/info", ApiClient.object().put("field", "url"))
                            .at("/blocks/0/value")
                            .asText();
            receivers.add(
                    new Receiver(
                            id,
                            url,
                            "whsec_rotation_" + i++,
                            integration.path("table_name").asText()));
        }
        assertThat(receivers).hasSize(INTEGRATIONS);
        return receivers;
    }

    /** Posts to one integration after the other until told to stop. */
    private static List<Thread> send(
            List<Receiver> receivers, AtomicBoolean done, Set<String> sent, Queue<String> refused) {
        AtomicInteger next = new AtomicInteger();
        List<Thread> senders = new ArrayList<>();
        for (int i = 0; i < SENDERS; i++) {
            VendorSender vendor = new VendorSender();
            Thread sender =
                    new Thread(
                            () -> {
                                while (!done.get()) {
                                    int number = next.getAndIncrement();
                                    Receiver receiver = receivers.get(number % receivers.size());
                                    String id = "cus_" + number;
                                    HttpResponse<String> answer = post(vendor, receiver, id);
                                    if (answer.statusCode() == 202) {
                                        sent.add(id);
                                    } else {
                                        refused.add(receiver.id() + " " + answer.statusCode());
                                    }
                                }
                            });
            sender.start();
            senders.add(sender);
        }
        return senders;
    }

    private static HttpResponse<String> post(VendorSender vendor, Receiver receiver, String id) {
        return vendor.send(
                receiver.url(),
                new Samples().customer(id, "Ada", 1_700_000_000L, 0),
                receiver.secret());
    }

    private static Set<String> rows(ApiClient api, String organization, List<Receiver> receivers)
            throws Exception {
        String connection =
                api.get("/v1/db/" + organization + "/connection").path("connection_url").asText();
        Set<String> rows = new HashSet<>();
        try (ReadOnlyDatabase database = new ReadOnlyDatabase(connection)) {
            for (Receiver receiver : receivers) {
                String sql = "SELECT stripe_id FROM \"" + receiver.table() + '"';
                await().atMost(Duration.ofSeconds(60))
                        .until(
                                () ->
                                        database.query(sql).stream()
                                                .anyMatch(
                                                        row ->
                                                                row.get(0)
                                                                        .equals(
                                                                                "cus_after_"
                                                                                        + receiver
                                                                                                .id())));
                database.query(sql).forEach(row -> rows.add(row.get(0)));
            }
        }
        return rows;
    }

    private static Set<Long> keys(KeysetFolder keysets) {
        Set<Long> keys = new HashSet<>();
        keysets.held().stream()
                .filter(held -> !held.keyset().endsWith(".public"))
                .map(HeldKeys::all)
                .forEach(keys::addAll);
        return keys;
    }
}
