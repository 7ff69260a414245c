package io.webhookdb.standalone.demo;

import static org.awaitility.Awaitility.await;

import io.webhookdb.embedded.EmbeddedPostgresServer;
import io.webhookdb.embedded.SelfSigned;
import io.webhookdb.security.connection.PostgresUrl;
import io.webhookdb.security.keyset.KeysetFolder;
import io.webhookdb.standalone.Main;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Every part as a process of its own, as a deployment has them, each of which can be killed. Kafka
 * takes nothing in clear and nobody without a login and a certificate.
 */
final class ChaosSystem implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofMinutes(3);

    private final EmbeddedPostgresServer postgres;
    private final Map<String, ChaosPart> parts = new LinkedHashMap<>();
    private final List<String> victims =
            new ArrayList<>(List.of("postgres", "kafka", "ingest", "provisioner", "api"));
    private final String apiUrl;
    private final String ingestUrl;

    /**
     * Starts all.
     *
     * @param jobs names of jobs, one list for each process
     * @param vendor base URL of the API that is polled
     */
    ChaosSystem(Path folder, List<List<String>> jobs, String vendor) throws IOException {
        postgres =
                EmbeddedPostgresServer.start(
                        EmbeddedPostgresServer.Settings.in(folder.resolve("postgres"))
                                .withPort(freePort()));
        MovingSystem.execute(
                superuser(), "CREATE DATABASE application", "CREATE DATABASE warehouse");
        Path keysets = folder.resolve("keysets");
        KeysetFolder.openOrGenerate(keysets);
        int kafkaPort = freePort();
        int apiPort = freePort();
        int ingestPort = freePort();
        String kafka = "127.0.0.1:" + kafkaPort;
        apiUrl = "http://127.0.0.1:" + apiPort;
        ingestUrl = "http://127.0.0.1:" + ingestPort;
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("WEBHOOKDB_KAFKA_BOOTSTRAP", kafka);
        variables.put("WEBHOOKDB_KEYSETS", keysets.toString());
        variables.put("WEBHOOKDB_DATABASE_URL", database("application").url());
        variables.put("WEBHOOKDB_REPLICATION_SERVERS", superuser().url());
        variables.put("WEBHOOKDB_KAFKA_STANDALONE", "true");
        variables.put("WEBHOOKDB_KAFKA_PARTITIONS", "4");
        variables.put("WEBHOOKDB_OUTBOUND_ALLOW", "127.0.0.0/8");
        variables.put("WEBHOOKDB_MIN_SYNC_PERIOD", "1");
        variables.put("WEBHOOKDB_SKIP_AUTHENTICATION", "true");
        variables.put("WEBHOOKDB_API_PORT", Integer.toString(apiPort));
        variables.put("WEBHOOKDB_INGEST_PORT", Integer.toString(ingestPort));
        variables.put("WEBHOOKDB_INGEST_BIND", "127.0.0.1");
        variables.put("WEBHOOKDB_INGEST_URL", ingestUrl);
        variables.put("WEBHOOKDB_API_BASE_STRIPE", vendor);
        variables.put("WEBHOOKDB_SPOOL_DIRECTORY", folder.resolve("spool").toString());
        SelfSigned made = SelfSigned.in(folder, "chaos");
        String password = UUID.randomUUID().toString();
        add(
                "kafka",
                folder,
                ChaosBroker.class,
                Map.of(),
                folder.resolve("kafka"),
                kafkaPort,
                made.certificate(),
                made.key(),
                "chaos",
                password);
        variables.put("WEBHOOKDB_KAFKA_SECURITY_PROTOCOL", "SASL_SSL");
        variables.put("WEBHOOKDB_KAFKA_SASL_MECHANISM", "SCRAM-SHA-512");
        variables.put("WEBHOOKDB_KAFKA_SASL_USERNAME", "chaos");
        variables.put("WEBHOOKDB_KAFKA_SASL_PASSWORD", password);
        variables.put("WEBHOOKDB_KAFKA_TLS_CA", made.certificate().toString());
        variables.put("WEBHOOKDB_KAFKA_TLS_CERTIFICATE", made.certificate().toString());
        variables.put("WEBHOOKDB_KAFKA_TLS_KEY", made.key().toString());
        add("provisioner", folder, Main.class, variables, "provisioner");
        add("api", folder, Main.class, variables, "api");
        add("ingest", folder, Main.class, variables, "ingest");
        for (List<String> together : jobs) {
            String name = "jobs-" + String.join("-", together);
            victims.add(name);
            List<Object> words = new ArrayList<>();
            words.addAll(List.of(folder.resolve("flink-" + name), kafka, keysets));
            words.addAll(together);
            add(name, folder, ChaosJobs.class, variables, words.toArray());
        }
        for (ChaosPart part : parts.values()) {
            part.start();
        }
    }

    private void add(
            String name,
            Path folder,
            Class<?> main,
            Map<String, String> variables,
            Object... words) {
        parts.put(name, new ChaosPart(name, folder, main, variables, words));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** What may be killed. */
    List<String> victims() {
        return victims;
    }

    /** As kill -9 of all its processes. */
    void kill(String victim) throws InterruptedException {
        if (victim.equals("postgres")) {
            postgres.kill();
        } else {
            parts.get(victim).kill();
        }
    }

    /** Starts again what was killed, or ended because others were. */
    void startAgain() throws IOException {
        postgres.start();
        for (ChaosPart part : parts.values()) {
            part.ensureRunning();
        }
    }

    /** Logged in. */
    ApiClient api() {
        ApiClient api = new ApiClient(apiUrl);
        await().atMost(START_LIMIT)
                .pollInterval(Duration.ofMillis(500))
                .until(
                        () -> {
                            try {
                                startAgain();
                                api.login("chaos@example.com", () -> "000000");
                                return true;
                            } catch (DemoFailure notYet) {
                                return false;
                            }
                        });
        return api;
    }

    PostgresUrl superuser() {
        return PostgresUrl.parse(postgres.superuserUrl());
    }

    PostgresUrl database(String name) {
        PostgresUrl superuser = superuser();
        return superuser.with(name, superuser.user(), superuser.password());
    }

    @Override
    public void close() {
        List<ChaosPart> latestFirst = new ArrayList<>(parts.values());
        java.util.Collections.reverse(latestFirst);
        for (ChaosPart part : latestFirst) {
            part.close();
        }
        postgres.close();
    }
}
