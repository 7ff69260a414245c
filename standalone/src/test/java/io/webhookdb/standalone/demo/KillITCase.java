package io.webhookdb.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Acknowledged means kept: the whole system is killed while it receives, and started again. */
class KillITCase {
    private static final String SECRET = "whsec_kill";
    private static final int POSTS = 2_000;
    private static final int SENDERS = 8;
    private static final Duration START_LIMIT = Duration.ofMinutes(3);

    @TempDir Path folder;
    private final List<Integer> ports = new ArrayList<>();
    private Process process;

    @BeforeEach
    void choosePorts() throws IOException {
        List<ServerSocket> taken = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            taken.add(socket);
            ports.add(socket.getLocalPort());
        }
        for (ServerSocket socket : taken) {
            socket.close();
        }
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (process != null && process.isAlive()) {
            process.destroy();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("stops within 60 s").isTrue();
        }
    }

    @Test
    void keepsEveryAcknowledgedEventOnceThroughAKill() throws Exception {
        ApiClient api = new ApiClient(up().path("api_url").asText());
        api.login("kill@example.com", () -> "000000");
        String organization =
                api.post("/v1/organizations/create", ApiClient.object().put("name", "Kill"))
                        .path("id")
                        .asText();
        String base = "/v1/organizations/" + organization + "/service_integrations";
        api.converse(
                api.post(
                        base + "/create",
                        ApiClient.object().put("service_name", Samples.STRIPE_CUSTOMER)),
                Map.of("webhook_secret", SECRET));
        JsonNode integration = api.get(base).at("/items/0");
        String url =
                api.post(
                                base + "/" + integration.path("opaque_id").asText() + "/info",
                                ApiClient.object().put("field", "url"))
                        .at("/blocks/0/value")
                        .asText();

        Set<String> acknowledged = postUntilKilled(url);

        ApiClient again = new ApiClient(up().path("api_url").asText());
        again.login("kill@example.com", () -> "000000");
        String connection =
                again.get("/v1/db/" + organization + "/connection").path("connection_url").asText();
        try (ReadOnlyDatabase database = new ReadOnlyDatabase(connection)) {
            String sql = "SELECT stripe_id FROM \"" + integration.path("table_name").asText() + '"';
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(
                            () ->
                                    assertThat(database.query(sql).stream().map(row -> row.get(0)))
                                            .containsAll(acknowledged)
                                            .doesNotHaveDuplicates());
        }
    }

    /** Starts the system as its own process, or starts it again; returns the ready file. */
    private JsonNode up() throws IOException {
        Path data = folder.resolve("data");
        ProcessBuilder builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx1g",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.webhookdb.standalone.Main",
                        "up",
                        "--data",
                        data.toString(),
                        "--skip-authentication",
                        "--api-port",
                        ports.get(0).toString(),
                        "--ingest-port",
                        ports.get(1).toString(),
                        "--flink-port",
                        ports.get(2).toString(),
                        "--postgres-port",
                        ports.get(3).toString(),
                        "--kafka-port",
                        ports.get(4).toString());
        Files.deleteIfExists(data.resolve("ready.json"));
        process =
                builder.redirectErrorStream(true)
                        .redirectOutput(
                                ProcessBuilder.Redirect.appendTo(folder.resolve("up.log").toFile()))
                        .start();
        await().atMost(START_LIMIT)
                .until(
                        () -> {
                            assertThat(process.isAlive())
                                    .as(() -> "started: " + log(folder.resolve("up.log")))
                                    .isTrue();
                            return Files.exists(data.resolve("ready.json"));
                        });
        return new JsonMapper().readTree(Files.readAllBytes(data.resolve("ready.json")));
    }

    private static String log(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Posts from several threads, kills the process half way; returns what was acknowledged. */
    private Set<String> postUntilKilled(String url) throws InterruptedException {
        Set<String> acknowledged = ConcurrentHashMap.newKeySet();
        AtomicInteger next = new AtomicInteger();
        List<Thread> senders = new ArrayList<>();
        for (int i = 0; i < SENDERS; i++) {
            Thread sender =
                    new Thread(
                            () -> {
                                VendorSender vendor = new VendorSender();
                                Samples samples = new Samples();
                                while (process.isAlive()) {
                                    int number = next.getAndIncrement();
                                    if (number >= POSTS) {
                                        return;
                                    }
                                    String id = "cus_" + number;
                                    try {
                                        SampleEvent event =
                                                samples.customer(id, "Ada", 1_700_000_000L, 0);
                                        if (vendor.send(url, event, SECRET).statusCode() == 202) {
                                            acknowledged.add(id);
                                        }
                                    } catch (DemoFailure killed) {
                                        // Never answered, so nothing was promised.
                                        return;
                                    }
                                }
                            });
            senders.add(sender);
            sender.start();
        }
        await().atMost(Duration.ofSeconds(60)).until(() -> acknowledged.size() >= POSTS / 2);
        process.destroyForcibly();
        process.waitFor();
        for (Thread sender : senders) {
            sender.join();
        }
        assertThat(acknowledged).hasSizeBetween(POSTS / 2, POSTS);
        return acknowledged;
    }
}
