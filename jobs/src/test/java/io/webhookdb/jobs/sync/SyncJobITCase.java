package io.webhookdb.jobs.sync;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.webhookdb.connectors.sync.SyncSettings;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.SyncTargetControl.Kind;
import io.webhookdb.schemas.control.SyncTargetSettings;
import io.webhookdb.schemas.control.SyncTargetSettings.Lanes;
import io.webhookdb.schemas.control.SyncTargetSettings.Sending;
import io.webhookdb.schemas.status.SyncProgress;
import java.time.Duration;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class SyncJobITCase extends SyncJobCase {
    @Test
    void bringsExistingRowsAndLaterChangesToBothKindsOfTargets() throws Exception {
        for (int i = 0; i < 40; i++) {
            existing("cus_" + i, SECOND + i, "first@example.com");
        }
        job = TestingSyncJob.start(source.settings(), directory, null, 2);
        target(Kind.HTTP, "syt_http", 1, State.ACTIVE);
        target(Kind.POSTGRES, "syt_pg", 1, State.ACTIVE);
        change("cus_3", SECOND + 100, "while-reading@example.com");
        change("cus_new", SECOND + 100, "new@example.com");
        soon().untilAsserted(() -> assertThat(received()).isEqualTo(expected));
        soon().untilAsserted(() -> assertThat(mirrored()).isEqualTo(expected));

        change("cus_late", SECOND - 10_000_000, "late@example.com");
        source.delete("cus_5", SECOND + 200, "first@example.com");
        soon().untilAsserted(() -> assertThat(received()).isEqualTo(expected));
        soon().untilAsserted(() -> assertThat(mirrored()).isEqualTo(expected));
        soon().untilAsserted(
                        () ->
                                assertThat(
                                                source.query(
                                                        "warehouse",
                                                        "SELECT stripe_id, email FROM"
                                                                + " mirror.customers WHERE"
                                                                + " _deleted_at IS NOT NULL"))
                                        .containsOnlyKeys("cus_5"));
        soon().untilAsserted(
                        () -> assertThat(receiver.rows().get("cus_5").has("_deleted_at")).isTrue());

        JsonNode body = receiver.bodies().get(0);
        assertThat(body.get("integration_id").asText()).isEqualTo(TestingSource.INTEGRATION);
        assertThat(body.get("integration_service").asText()).isEqualTo("stripe_customer_v1");
        assertThat(body.get("table").asText()).isEqualTo("customers");
        assertThat(body.get("sync_timestamp").asText())
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}\\+00:00");
        assertThat(receiver.bodies()).allMatch(page -> page.get("rows").size() <= 5);
        assertThat(receiver.bodies()).noneMatch(page -> page.get("rows").isEmpty());
        assertThat(receiver.authorizations())
                .containsOnly("Basic dXNAZXI6cGFzcy93b3Jk"); // us@er:pass/word
        job.checkRunning();
        soon().untilAsserted(
                        () -> {
                            Collection<SyncProgress> shards = source.progress("syt_pg");
                            assertThat(shards.stream().mapToLong(SyncProgress::rows).sum())
                                    .isGreaterThanOrEqualTo(expected.size());
                            assertThat(shards)
                                    .allSatisfy(
                                            shard -> {
                                                assertThat(shard.pending()).isZero();
                                                assertThat(shard.loading()).isFalse();
                                                assertThat(shard.failure()).isNull();
                                                assertThat(shard.lastSyncedAt()).isNotNull();
                                            });
                        });
    }

    @Test
    void takesANewColumnWhileATableIsLoaded() throws Exception {
        for (int i = 0; i < 150; i++) {
            existing("cus_" + i, SECOND + i, "first@example.com");
        }
        job = TestingSyncJob.start(source.settings(), directory, null, 2);
        target(Kind.HTTP, "syt_http", 1, State.ACTIVE);
        target(Kind.POSTGRES, "syt_pg", 1, State.ACTIVE);
        soon().until(() -> !receiver.bodies().isEmpty());
        source.addColumn("note", "new");
        for (int i = 0; i < 10; i++) {
            change("cus_" + i, SECOND + 500 + i, "second@example.com");
        }
        // Those that changed were announced by who does not know the column.
        soon().untilAsserted(
                        () ->
                                assertThat(receiver.rows().values())
                                        .filteredOn(row -> row.path("note").asText().equals("new"))
                                        .hasSizeGreaterThanOrEqualTo(140));
        soon().untilAsserted(
                        () ->
                                assertThat(
                                                source.query(
                                                        "warehouse",
                                                        "SELECT stripe_id, note FROM"
                                                                + " mirror.customers WHERE note ="
                                                                + " 'new'"))
                                        .hasSizeGreaterThanOrEqualTo(140));
        soon().untilAsserted(() -> assertThat(received()).isEqualTo(expected));
        soon().untilAsserted(() -> assertThat(mirrored()).isEqualTo(expected));
        assertThat(source.progress("syt_http"))
                .allSatisfy(shard -> assertThat(shard.failures()).isZero());
        assertThat(source.progress("syt_pg"))
                .allSatisfy(shard -> assertThat(shard.failures()).isZero());
    }

    @Test
    void sharesRowsOutToLanesAndAnewWhenTheirNumberChanges() throws Exception {
        for (int i = 0; i < 30; i++) {
            existing("cus_" + i, SECOND + i, "first@example.com");
        }
        SyncJobSettings settings = source.settings();
        job =
                TestingSyncJob.start(
                        settings.withSync(
                                settings.sync().withRequestTimeout(Duration.ofSeconds(1))),
                        directory,
                        null,
                        2);
        lanes(1, new Lanes(3, 0));
        soon().untilAsserted(() -> assertThat(received()).isEqualTo(expected));
        soon().untilAsserted(
                        () ->
                                assertThat(source.progress("syt_wide"))
                                        .extracting(SyncProgress::shard)
                                        .containsExactlyInAnyOrder(0, 1, 2));
        // Pages of one lane hold rows of that lane only.
        assertThat(receiver.bodies())
                .allMatch(
                        page ->
                                page.get("rows").findValues("pk").stream()
                                                .mapToLong(pk -> pk.asLong() % 3)
                                                .distinct()
                                                .count()
                                        == 1);
        int before = receiver.bodies().size();
        lanes(2, new Lanes(2, 1));
        for (int i = 0; i < 30; i++) {
            change("cus_" + i, SECOND + 100 + i, "second@example.com");
        }
        soon().untilAsserted(() -> assertThat(received()).isEqualTo(expected));
        soon().untilAsserted(
                        () ->
                                assertThat(source.progress("syt_wide"))
                                        .filteredOn(lane -> lane.shards() == 2 && !lane.loading())
                                        .hasSize(2));
        assertThat(receiver.bodies().size()).isGreaterThan(before);
        change("cus_7", SECOND + 900, "third@example.com");
        soon().untilAsserted(() -> assertThat(received()).isEqualTo(expected));
        job.checkRunning();
    }

    @Test
    void givesUpEachRowOnceThoughManyAreRefusedBeforeOneIsTaken() throws Exception {
        for (int i = 0; i < 250; i++) {
            existing("cus_" + i, SECOND + i, i < 150 ? "bad" : "good@example.com");
        }
        source.execute(
                "warehouse",
                "CREATE SCHEMA mirror; CREATE TABLE mirror.customers (stripe_id text UNIQUE,"
                        + " email text CHECK (email <> 'bad'))");
        SyncJobSettings settings = source.settings();
        job =
                TestingSyncJob.start(
                        settings.withSync(settings.sync().withShards(1).withReadRows(600)),
                        directory,
                        null,
                        1);
        target(Kind.POSTGRES, "syt_pg", 1, State.ACTIVE);

        expected.values().removeIf("bad"::equals);
        soon().untilAsserted(() -> assertThat(mirrored()).isEqualTo(expected));
        soon().untilAsserted(() -> assertThat(source.givenUp()).hasSize(150));
        soon().untilAsserted(
                        () ->
                                assertThat(source.progress("syt_pg"))
                                        .allMatch(lane -> !lane.loading() && lane.failures() == 0));
        assertThat(source.givenUp()).hasSize(150).doesNotHaveDuplicates();
    }

    @Test
    void takesNoThreadFromOthersForATargetThatHungBefore() throws Exception {
        existing("cus_1", SECOND, "first@example.com");
        SyncJobSettings settings = source.settings();
        SyncSettings oneThread =
                settings.sync().withThreads(1).withRequestTimeout(Duration.ofSeconds(6));
        AtomicInteger asked = new AtomicInteger();
        CountDownLatch end = new CountDownLatch(1);
        try (TestingReceiver hanging =
                new TestingReceiver(
                        () -> {
                            asked.incrementAndGet();
                            end.await();
                        })) {
            job = TestingSyncJob.start(settings.withSync(oneThread), directory, null, 1);
            source.target(Kind.HTTP, "syt_hung", 1, hanging.url("/in"), State.ACTIVE);
            soon().until(() -> asked.get() == 1);
            target(Kind.HTTP, "syt_http", 1, State.ACTIVE);
            // The second attempt hangs now, and will for six seconds.
            soon().until(() -> asked.get() == 2);
            change("cus_1", SECOND + 1, "second@example.com");
            soon().untilAsserted(() -> assertThat(received()).isEqualTo(expected));
            assertThat(asked).hasValue(2);
        } finally {
            end.countDown();
        }
    }

    private void lanes(long revision, Lanes lanes) {
        source.target(
                source.control(
                        Kind.HTTP, "syt_wide", revision, receiver.url("/wide"), State.ACTIVE, 1, 0),
                TestingSource.INTEGRATION,
                5,
                SyncTargetSettings.STANDARD.shared(lanes));
    }

    @Test
    void losesNothingOverARestartWhileATargetRefuses() throws Exception {
        for (int i = 0; i < 30; i++) {
            existing("cus_" + i, SECOND + i, "first@example.com");
        }
        receiver.answer(503);
        target(Kind.HTTP, "syt_http", 1, State.ACTIVE);
        target(Kind.POSTGRES, "syt_pg", 1, State.ACTIVE);
        job = TestingSyncJob.start(source.settings(), directory, null, 2);
        soon().untilAsserted(() -> assertThat(mirrored()).isEqualTo(expected));
        for (int i = 0; i < 10; i++) {
            change("cus_" + i, SECOND + 1000 + i, "second@example.com");
        }
        soon().untilAsserted(() -> assertThat(mirrored()).isEqualTo(expected));
        soon().untilAsserted(
                        () ->
                                assertThat(source.progress("syt_http"))
                                        .anySatisfy(
                                                shard -> {
                                                    assertThat(shard.failures()).isPositive();
                                                    assertThat(shard.failure()).contains("503");
                                                    assertThat(shard.pending()).isPositive();
                                                    assertThat(shard.rows()).isZero();
                                                }));
        String savepoint = job.savepoint(directory);
        job.cancel();
        assertThat(receiver.bodies()).isEmpty();
        change("cus_down", SECOND + 2000, "while-down@example.com");
        receiver.answer(204);

        job = TestingSyncJob.start(source.settings(), directory, savepoint, 3);
        soon().untilAsserted(() -> assertThat(received()).isEqualTo(expected));
        soon().untilAsserted(() -> assertThat(mirrored()).isEqualTo(expected));
    }

    @Test
    void masksColumnsTakesEveryIntegrationPausesAndStartsOver() throws Exception {
        for (int i = 0; i < 12; i++) {
            existing("cus_" + i, SECOND + i, "first@example.com");
        }
        job = TestingSyncJob.start(source.settings(), directory, null, 2);
        String id = "syt_all";
        SyncTargetSettings hashed =
                SyncTargetSettings.STANDARD.showing(
                        source.hashing(id, List.of("name"), List.of("email"), "k"));
        all(id, 1, hashed);
        soon().untilAsserted(() -> assertThat(mirrored()).hasSameSizeAs(expected));
        assertThat(mirrored().values()).containsOnly(hmac("k", "first@example.com"));
        assertThat(
                        source.query(
                                "warehouse",
                                "SELECT attname, attname FROM pg_attribute WHERE attrelid ="
                                        + " 'mirror.customers'::regclass"))
                .containsKeys("email", "phone")
                .doesNotContainKeys("name", "data");

        all(id, 2, hashed.sending(Sending.PAUSED));
        source.target(Kind.HTTP, "syt_http", 1, receiver.url("/in"), State.ACTIVE);
        change("cus_1", SECOND + 500, "second@example.com");
        // The other target shows that the change has come by.
        soon().untilAsserted(() -> assertThat(received()).isEqualTo(expected));
        assertThat(mirrored()).doesNotContainValue(hmac("k", "second@example.com"));
        all(id, 3, hashed);
        soon().untilAsserted(
                        () ->
                                assertThat(mirrored())
                                        .containsEntry("cus_1", hmac("k", "second@example.com")));

        source.execute("warehouse", "DROP TABLE mirror.customers");
        source.delete("cus_2", SECOND + 600, "first@example.com");
        all(id, 4, hashed.again().deleting(SyncTargetSettings.Deletes.REMOVED));
        expected.remove("cus_2");
        soon().untilAsserted(() -> assertThat(mirrored().keySet()).isEqualTo(expected.keySet()));
        assertThat(source.progress(id))
                .allSatisfy(
                        shard ->
                                assertThat(shard.integration())
                                        .isEqualTo(TestingSource.INTEGRATION));
    }

    private void all(String id, long revision, SyncTargetSettings settings) {
        source.target(
                source.control(
                        Kind.POSTGRES, id, revision, source.warehouseUrl(), State.ACTIVE, 1, 0),
                null,
                settings);
    }

    private static String hmac(String key, String text) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key.getBytes(UTF_8), "HmacSHA256"));
        return HexFormat.of().formatHex(mac.doFinal(text.getBytes(UTF_8)));
    }
}
