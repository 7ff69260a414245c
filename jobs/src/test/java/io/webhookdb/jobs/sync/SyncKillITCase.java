package io.webhookdb.jobs.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.SyncTargetControl.Kind;
import io.webhookdb.schemas.control.SyncTargetSettings;
import io.webhookdb.schemas.status.SyncProgress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.InjectMiniCluster;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A large table is loaded into a Postgres and an HTTP target while its rows change and the job is
 * killed at random, from the beginning of the load to after its end: both end equal to it. The full
 * form: {@code -Dsync.rows=2000000 -Dsync.kills=20 -Dsync.minutes=60}.
 */
class SyncKillITCase {
    private static final int ROWS = Integer.getInteger("sync.rows", 20_000);
    private static final int KILLS = Integer.getInteger("sync.kills", 2);
    private static final int MINUTES = Integer.getInteger("sync.minutes", 3);

    /** Kills go on until so many times the rows have arrived: changes come after the table. */
    private static final double LOADS = 1.2;

    private static final int CHANGES_PER_SECOND = 1_000;
    private static final String DIGEST =
            "SELECT count(*)::text, md5(string_agg(md5(concat_ws('|', stripe_id, email, data::text,"
                + " encode(substring(_version from 1 for 25), 'hex'), _deleted_at IS NOT NULL)), ''"
                + " ORDER BY stripe_id)) FROM ";

    @RegisterExtension
    static final MiniClusterExtension FLINK =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(4)
                            .build());

    @TempDir Path directory;

    @Test
    @Timeout(value = 4, unit = TimeUnit.HOURS)
    void targetsEndEqualWhateverIsKilledWhileALargeTableIsLoadedAndChanges(
            @InjectMiniCluster MiniCluster cluster) throws Exception {
        long seed = Long.getLong("sync.seed", System.nanoTime());
        Random random = new Random(seed);
        ExecutorService threads = Executors.newCachedThreadPool();
        try (TestingSource source = new TestingSource(directory);
                Receiver receiver = new Receiver(threads)) {
            TestingLoad load = new TestingLoad(source, ROWS, seed);
            load.fill();
            SyncJobSettings settings = source.settings();
            TestingSyncJob job =
                    TestingSyncJob.startResilient(
                            settings.withSync(settings.sync().withReadRows(1_000)), directory, 2);
            target(source, Kind.POSTGRES, "syt_pg", source.warehouseUrl());
            target(source, Kind.HTTP, "syt_http", receiver.url());
            long start = System.nanoTime();
            Future<?> changes = CompletableFuture.runAsync(() -> unchecked(load), threads);
            for (int kill = 0; kill < KILLS; kill++) {
                double loads = LOADS * (kill + random.nextDouble()) / KILLS;
                await("kill " + kill + ", seed " + seed)
                        .atMost(Duration.ofMinutes(MINUTES))
                        .until(() -> receiver.received.sum() >= ROWS * loads);
                cluster.terminateTaskManager(0).get();
                cluster.startTaskManager();
            }
            await().atMost(Duration.ofMinutes(MINUTES))
                    .ignoreExceptions()
                    .until(
                            () ->
                                    source.progress("syt_pg").stream()
                                            .noneMatch(SyncProgress::loading));
            load.end();
            changes.get();

            Map<String, String> expected = source.query("postgres", DIGEST + "customers");
            await("seed " + seed)
                    .atMost(Duration.ofMinutes(MINUTES))
                    .ignoreExceptions()
                    .untilAsserted(
                            () ->
                                    assertThat(
                                                    source.query(
                                                            "warehouse",
                                                            DIGEST + "mirror.customers"))
                                            .isEqualTo(expected));
            Map<String, String> replica =
                    source.query(
                            "postgres",
                            "SELECT stripe_id, email || CASE WHEN _deleted_at IS NULL THEN ''"
                                    + " ELSE ' deleted' END FROM customers");
            await("seed " + seed)
                    .atMost(Duration.ofMinutes(MINUTES))
                    .untilAsserted(() -> assertThat(receiver.rows.equals(replica)).isTrue());
            System.out.printf(
                    Locale.ROOT,
                    "%,d rows, %d kills, %,d received by HTTP: %s rows equal after %d s%n",
                    ROWS,
                    KILLS,
                    receiver.received.sum(),
                    expected.keySet(),
                    Duration.ofNanos(System.nanoTime() - start).toSeconds());
            job.cancel();
        } finally {
            threads.shutdownNow();
        }
    }

    private static void target(TestingSource source, Kind kind, String id, String url) {
        source.target(
                source.control(kind, id, 1, url, State.ACTIVE, 1, 0),
                TestingSource.INTEGRATION,
                1_000,
                SyncTargetSettings.STANDARD);
    }

    private static void unchecked(TestingLoad load) {
        try {
            load.change(CHANGES_PER_SECOND);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** The last thing received of each row. */
    private static final class Receiver implements AutoCloseable {
        private final ObjectMapper json = new ObjectMapper();
        private final Map<String, String> rows = new ConcurrentHashMap<>();
        private final LongAdder received = new LongAdder();
        private final HttpServer server;

        private Receiver(ExecutorService threads) throws Exception {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext(
                    "/",
                    exchange -> {
                        try (exchange;
                                JsonParser body = json.createParser(exchange.getRequestBody())) {
                            JsonNode page = json.readTree(body);
                            received.add(page.get("rows").size());
                            page.get("rows")
                                    .forEach(
                                            row ->
                                                    rows.put(
                                                            row.get("stripe_id").asText(),
                                                            row.get("email").asText()
                                                                    + (row.has("_deleted_at")
                                                                            ? " deleted"
                                                                            : "")));
                            exchange.sendResponseHeaders(204, -1);
                        }
                    });
            server.setExecutor(threads);
            server.start();
        }

        String url() {
            return "http://u:p@127.0.0.1:" + server.getAddress().getPort() + "/";
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }
}
