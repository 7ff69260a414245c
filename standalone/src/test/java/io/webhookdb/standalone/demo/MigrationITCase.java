package io.webhookdb.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.webhookdb.controlplane.provisioner.MigrationSettings;
import io.webhookdb.security.connection.PostgresUrl;
import io.webhookdb.security.outbound.OutboundPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An organization moves to a database of its own while events arrive. */
class MigrationITCase {
    private static final int ROWS = 50_000;
    private static final int EVENTS_PER_SECOND = 500;
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final long FIRST_EVENT = Instant.now().getEpochSecond() - 1_000_000;

    @TempDir Path folder;
    private MovingSystem system;
    private PostgresUrl owner;
    private PostgresUrl reader;
    private ScheduledExecutorService vendor;

    /** Newest version sent, by customer. */
    private final Map<String, Integer> sent = new ConcurrentHashMap<>();

    @BeforeEach
    void start() {
        system =
                new MovingSystem(
                        folder,
                        new MigrationSettings(
                                OutboundPolicy.parse("127.0.0.0/8"), Duration.ofMinutes(1), 500));
        PostgresUrl superuser = system.customers();
        MovingSystem.execute(
                superuser,
                "CREATE ROLE boss LOGIN PASSWORD 'boss-secret'",
                "CREATE ROLE analyst LOGIN PASSWORD 'analyst-secret'",
                "CREATE DATABASE warehouse OWNER boss");
        owner = superuser.with("warehouse", "boss", "boss-secret");
        reader = superuser.with("warehouse", "analyst", "analyst-secret");
        MovingSystem.execute(
                superuser.with("warehouse", superuser.user(), superuser.password()),
                "GRANT CREATE ON SCHEMA public TO boss WITH GRANT OPTION",
                "ALTER SCHEMA public OWNER TO boss");
        vendor = Executors.newSingleThreadScheduledExecutor();
    }

    @AfterEach
    void stop() throws Exception {
        vendor.shutdownNow();
        assertThat(vendor.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        system.close();
    }

    @Test
    void movesEveryRowWithItsPrimaryKeyUnderLoadAlthoughTheProvisionerStopsHalfWay() {
        PostgresUrl old = seed();
        sendEvents();
        await().atMost(LIMIT).until(() -> sent.size() > EVENTS_PER_SECOND);

        system.move(owner, reader);

        await().atMost(LIMIT)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> copied(system.newestMove()) >= 2_000);
        system.stopProvisioner();
        JsonNode interrupted = system.newestMove();
        assertThat(interrupted.path("status").asText()).isEqualTo("in_progress");
        int copiedBefore = copied(interrupted);
        assertThat(copiedBefore).isLessThan(ROWS);
        system.startProvisioner();
        await().atMost(LIMIT)
                .untilAsserted(
                        () ->
                                assertThat(system.newestMove().path("status").asText())
                                        .as("%s", system.newestMove())
                                        .isEqualTo("finished"));
        int sentAtSwitch = sent.values().stream().mapToInt(version -> version).sum();
        await().atMost(LIMIT)
                .until(
                        () ->
                                sent.values().stream().mapToInt(version -> version).sum()
                                        > sentAtSwitch + 1_000);
        vendor.shutdown();

        assertThat(system.connection()).isEqualTo(reader);
        await().atMost(LIMIT).untilAsserted(this::everyEventIsThere);
        compare(rows(old), rows(reader));
        assertThat(system.newestMove().path("source_url").asText())
                .startsWith("postgres://***:***@");
    }

    @Test
    void failsWithTheReasonWhereTheNewDatabaseHasSomethingOfThatName() {
        MovingSystem.execute(owner, "CREATE TABLE \"" + system.table() + "\" (theirs text)");

        system.move(owner, reader);

        await().atMost(LIMIT)
                .untilAsserted(
                        () ->
                                assertThat(system.newestMove().path("status").asText())
                                        .isEqualTo("failed"));
        assertThat(system.newestMove().path("progress").asText())
                .contains("something else named", system.table(), "rename or drop it");
        assertThat(system.connection().host()).isEqualTo(system.superuser().host());
        system.send("cus_after", FIRST_EVENT, 1);
        PostgresUrl old = system.connection();
        await().atMost(LIMIT).until(() -> !rows(old).isEmpty());
    }

    @Test
    void refusesAPasswordThatIsNotAccepted() {
        assertThatThrownBy(
                        () -> system.move(owner.with("warehouse", "boss", "not-the-one"), reader))
                .isInstanceOf(DemoFailure.class)
                .hasMessageContaining("Admin url has a user or password that the database does");
        assertThat(system.api().toString()).doesNotContain("not-the-one");
    }

    /** Rows as they were before the move: one through the job, the others like it. */
    private PostgresUrl seed() {
        PostgresUrl old = system.connection();
        system.send("cus_seed_0", FIRST_EVENT, 1);
        await().atMost(LIMIT).until(() -> rows(old).size() == 1);
        PostgresUrl superuser = system.superuser();
        String columns =
                MovingSystem.query(
                                old,
                                "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM"
                                        + " pg_attribute WHERE attrelid = '\""
                                        + system.table()
                                        + "\"'::regclass AND attnum > 2 AND NOT attisdropped")
                        .get(0)
                        .get(0);
        MovingSystem.execute(
                superuser.with(old.database(), superuser.user(), superuser.password()),
                "INSERT INTO \""
                        + system.table()
                        + "\" (stripe_id, "
                        + columns
                        + ") SELECT 'cus_seed_' || n, "
                        + columns
                        + " FROM \""
                        + system.table()
                        + "\", generate_series(1, "
                        + (ROWS - 1)
                        + ") n");
        return old;
    }

    /** Half of them about rows that are there, half about new ones that then change, too. */
    private void sendEvents() {
        AtomicInteger number = new AtomicInteger();
        vendor.scheduleAtFixedRate(
                () -> {
                    for (int i = 0; i < EVENTS_PER_SECOND / 50; i++) {
                        int n = number.incrementAndGet();
                        String customer =
                                n % 2 == 0
                                        ? "cus_seed_" + (n * 7919L) % ROWS
                                        : "cus_new_" + n % 999;
                        system.send(customer, FIRST_EVENT + n, n);
                        sent.put(customer, n);
                    }
                },
                0,
                20,
                TimeUnit.MILLISECONDS);
    }

    private void everyEventIsThere() {
        Map<String, Integer> found = new HashMap<>();
        MovingSystem.query(reader, "SELECT stripe_id, balance FROM " + table())
                .forEach(row -> found.put(row.get(0), Integer.parseInt(row.get(1)) / 100));
        assertThat(found.entrySet().containsAll(sent.entrySet())).isTrue();
        assertThat(found.size()).isGreaterThanOrEqualTo(ROWS);
    }

    private static void compare(Map<String, List<String>> old, Map<String, List<String>> fresh) {
        long highest =
                old.values().stream()
                        .mapToLong(row -> Long.parseLong(row.get(0)))
                        .max()
                        .orElseThrow();
        assertThat(fresh.keySet().containsAll(old.keySet())).isTrue();
        int untouched = 0;
        for (Map.Entry<String, List<String>> row : fresh.entrySet()) {
            List<String> before = old.get(row.getKey());
            if (before == null) {
                if (Long.parseLong(row.getValue().get(0)) <= highest) {
                    assertThat(row.getValue()).as("new row, after pk " + highest).isEmpty();
                }
                continue;
            }
            if (!row.getValue().get(0).equals(before.get(0))) {
                assertThat(row.getValue()).as("pk of %s", row.getKey()).isEqualTo(before);
            }
            if (before.get(1).equals(row.getValue().get(1))) {
                if (!row.getValue().equals(before)) {
                    assertThat(row.getValue()).isEqualTo(before);
                }
                untouched++;
            } else if (row.getValue().get(1).compareTo(before.get(1)) < 0) {
                assertThat(row.getValue()).as("an older version than before").isEqualTo(before);
            }
        }
        assertThat(untouched).isGreaterThan(ROWS / 2);
        assertThat(untouched).isLessThan(fresh.size());
    }

    /** Primary key, version and the whole row, by key. */
    private Map<String, List<String>> rows(PostgresUrl url) {
        Map<String, List<String>> rows = new HashMap<>();
        MovingSystem.query(
                        url,
                        "SELECT t.stripe_id, t.pk, encode(substring(t._version from 1 for 24),"
                                + " 'hex'), t::text FROM "
                                + table()
                                + " t")
                .forEach(row -> rows.put(row.get(0), row.subList(1, 4)));
        return rows;
    }

    private String table() {
        return '"' + system.table() + '"';
    }

    private static int copied(JsonNode move) {
        return Integer.parseInt(
                move.path("progress").asText().split(" ")[0].replaceAll("\\D", "0"));
    }
}
