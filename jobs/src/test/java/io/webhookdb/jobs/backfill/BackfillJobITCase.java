package io.webhookdb.jobs.backfill;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.webhookdb.jobs.backfill.TestingVendor.Answer;
import io.webhookdb.jobs.backfill.TestingVendor.Trouble;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.control.BackfillControl.Children;
import io.webhookdb.schemas.control.BackfillControl.Extent;
import io.webhookdb.schemas.event.Event;
import io.webhookdb.schemas.event.Origin;
import io.webhookdb.schemas.status.BackfillProgress;
import io.webhookdb.schemas.status.BackfillProgress.Request;
import io.webhookdb.schemas.status.BackfillProgress.State;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class BackfillJobITCase {
    @RegisterExtension
    static final MiniClusterExtension FLINK =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(4)
                            .build());

    private static final ServiceDefinition CHARGES =
            TestingBackfill.CATALOG.service("stripe_charge_v1").orElseThrow();

    private static final int KILL_ITEMS = Integer.getInteger("webhookdb.backfill.items", 5_000);
    private static final int POLLED = Integer.getInteger("webhookdb.backfill.accounts", 20);
    private static final int POLL_SECONDS = Integer.getInteger("webhookdb.backfill.period", 2);
    private static final int LATE_SECONDS = POLL_SECONDS > 10 ? 10 : 3;
    private static final Duration LONG = Duration.ofMinutes(6);

    @TempDir Path directory;
    private TestingBackfill system;
    private TestingVendor vendor;

    @BeforeEach
    void startAll() throws Exception {
        system = new TestingBackfill(directory);
        vendor = new TestingVendor();
    }

    @AfterEach
    void stopAll() throws Exception {
        system.close();
        vendor.close();
    }

    @Test
    void bringsEveryPageOfAListingAndReportsIt() throws Exception {
        vendor.list("/v1/charges", CHARGES.backfill(), TestingVendor.charges(950), 100);
        system.organization(1);
        system.integration(1, "svi_1", CHARGES);
        Instant before = Instant.now();
        system.order("bfj_1", 1, "svi_1", Extent.INCREMENTAL, Children.INCLUDED);
        start();

        ended("bfj_1", State.FINISHED);
        assertThat(new LinkedHashSet<>(ids()))
                .containsExactlyElementsOf(ids(TestingVendor.charges(950)));
        BackfillProgress last = system.report("bfj_1");
        assertThat(last.pages()).isEqualTo(10);
        // Pages shift by one while they are asked for.
        assertThat(last.items()).isEqualTo(950 + 9);
        assertThat(system.reports("bfj_1"))
                .extracting(BackfillProgress::state)
                .startsWith(State.QUEUED, State.RUNNING)
                .endsWith(State.FINISHED);
        Event event = system.events().get(0);
        assertThat(event.integration()).isEqualTo("svi_1");
        assertThat(event.origin()).isEqualTo(Origin.BACKFILL);
        assertThat(event.receivedAtMicros())
                .isBetween(
                        before.minusSeconds(2).toEpochMilli() * 1000,
                        Instant.now().toEpochMilli() * 1000);
        assertThat(vendor.calls()).hasSize(10);
        assertThat(vendor.calls().get(0).query()).containsEntry("limit", "100");
        assertThat(vendor.calls().get(0).headers().get("authorization"))
                .isEqualTo(authorization(1));
    }

    @Test
    void bringsOnlyWhatLiesWithinTheCriteriaAndLearnsNothingForLaterRuns() throws Exception {
        vendor.list("/v1/charges", CHARGES.backfill(), TestingVendor.charges(950), 100);
        system.organization(1);
        system.integration(1, "svi_1", CHARGES);
        String since = Instant.ofEpochSecond(1_700_000_000L - 120).toString();
        system.order("bfj_1", 1, "svi_1", Map.of("since", since));
        start();

        ended("bfj_1", State.FINISHED);
        assertThat(new LinkedHashSet<>(ids()))
                .containsExactlyElementsOf(ids(TestingVendor.charges(121)));
        assertThat(vendor.calls()).hasSize(2);
        assertThat(vendor.calls().get(0).query()).containsKey("created[gte]");
        system.order("bfj_2", 1, "svi_1", Map.of("color", "red"));
        ended("bfj_2", State.FAILED);
        assertThat(system.report("bfj_2").failure())
                .contains("stripe_charge_v1 can be restricted by since, until");
    }

    @Test
    void failsWithTheVendorsWordsWhenCredentialsAreRefused() throws Exception {
        vendor.on(
                "/v1/charges",
                call ->
                        Answer.of(
                                401,
                                "{\"error\":{\"message\":\"Invalid API Key provided: "
                                        + TestingBackfill.KEY
                                        + "1\"}}"));
        system.organization(1);
        system.integration(1, "svi_1", CHARGES);
        system.order("bfj_1", 1, "svi_1", Extent.FULL, Children.LEFT_OUT);
        start();

        ended("bfj_1", State.FAILED);
        assertThat(system.report("bfj_1").failure())
                .contains("401")
                .contains("Invalid API Key provided: ***")
                .doesNotContain(TestingBackfill.KEY);
        Request refused = system.report("bfj_1").request();
        assertThat(refused.method()).isEqualTo("GET");
        assertThat(refused.url()).endsWith("/v1/charges").startsWith("http://");
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.body())
                .contains("Invalid API Key provided: ***")
                .doesNotContain(TestingBackfill.KEY);
        assertThat(vendor.calls()).hasSize(1);
    }

    @Test
    void goesOnFromItsCursorAfterEveryKindOfTrouble() throws Exception {
        vendor.list("/v1/charges", CHARGES.backfill(), TestingVendor.charges(350), 100);
        vendor.trouble(Trouble.status(429, "Retry-After", "1"));
        vendor.trouble(Trouble.status(500, null, null));
        vendor.trouble(Trouble.reset());
        system.organization(1);
        system.integration(1, "svi_1", CHARGES);
        system.order("bfj_1", 1, "svi_1", Extent.FULL, Children.LEFT_OUT);
        Instant before = Instant.now();
        start();

        ended("bfj_1", State.FINISHED);
        assertThat(new LinkedHashSet<>(ids()))
                .containsExactlyElementsOf(ids(TestingVendor.charges(350)));
        assertThat(system.reports("bfj_1"))
                .anySatisfy(
                        report -> {
                            assertThat(report.state()).isEqualTo(State.WAITING_FOR_VENDOR);
                            assertThat(report.failure()).contains("429").contains("Trouble here");
                        });
        assertThat(Duration.between(before, Instant.now())).isGreaterThan(Duration.ofSeconds(1));
        assertThat(vendor.calls()).hasSize(7);
    }

    /** In full with {@code -Dwebhookdb.backfill.items=200000}. */
    @Test
    @Timeout(900)
    void goesOnFromItsCursorAfterAKillAndAsksForTwoPagesAgainAtMost() throws Exception {
        List<ObjectNode> charges = TestingVendor.charges(KILL_ITEMS);
        int pages = KILL_ITEMS / 100;
        int kill = pages * 2 / 5;
        vendor.list("/v1/charges", CHARGES.backfill(), charges, 100);
        // As slow as a real one when it comes to it: the cursor is kept every second.
        vendor.beSlowFrom(kill - 10, Duration.ofMillis(400));
        system.organization(1);
        system.integration(1, "svi_1", CHARGES);
        system.order("bfj_1", 1, "svi_1", Extent.FULL, Children.LEFT_OUT);
        start();
        soon().atMost(LONG).until(() -> vendor.calls().size() >= kill);
        // No last checkpoint is taken.
        system.cancelJob();
        int before = vendor.calls().size();
        vendor.beSlow(Duration.ZERO);
        system.start(TestingBackfill.settings(vendor.url()), system.latestCheckpoint(), 3);

        soon().atMost(LONG)
                .until(
                        () ->
                                system.report("bfj_1") != null
                                        && system.report("bfj_1").state().ended());
        ended("bfj_1", State.FINISHED);
        Set<String> missing = new HashSet<>(ids(charges));
        missing.removeAll(new HashSet<>(ids()));
        assertThat(missing).isEmpty();
        System.out.printf(
                "%d items, %d pages asked for again%n", KILL_ITEMS, vendor.calls().size() - pages);
        assertThat(vendor.calls().size()).isBetween(pages, pages + 2);
        assertThat(vendor.calls().get(before).query()).containsKey("starting_after");
        assertThat(system.report("bfj_1").items()).isGreaterThanOrEqualTo(KILL_ITEMS);
    }

    /** In full with {@code -Dwebhookdb.backfill.accounts=200 -Dwebhookdb.backfill.period=60}. */
    @Test
    @Timeout(900)
    void pollsManyAccountsInTimeWhileOneIsLimitedAndOneHangs() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        Map<String, List<Instant>> polls = new ConcurrentHashMap<>();
        vendor.on(
                "/v1/charges",
                call -> {
                    String account = call.headers().get("authorization");
                    polls.computeIfAbsent(account, key -> new CopyOnWriteArrayList<>())
                            .add(call.at());
                    if (account.equals(authorization(7))) {
                        return Answer.of(429, "{}").with("Retry-After", "20");
                    }
                    if (account.equals(authorization(8))) {
                        await(over);
                    }
                    return Answer.of(200, "{\"data\":[],\"has_more\":false}");
                });
        int most = POLL_SECONDS > 10 ? 3 : 6;
        for (int account = 1; account <= POLLED; account++) {
            system.organization(account);
            system.integration(account, "svi_" + account, CHARGES, 1, POLL_SECONDS);
        }
        start();
        try {
            for (int account = 1; account <= POLLED; account++) {
                String key = authorization(account);
                int least = account == 7 || account == 8 ? 1 : most;
                soon().atMost(LONG).until(() -> polls.getOrDefault(key, List.of()).size() >= least);
            }
            polls.forEach(
                    (account, times) -> {
                        for (int i = 1; i < times.size(); i++) {
                            assertThat(Duration.between(times.get(i - 1), times.get(i)))
                                    .as(account)
                                    .isBetween(
                                            Duration.ofMillis(POLL_SECONDS * 250L),
                                            Duration.ofSeconds(POLL_SECONDS + LATE_SECONDS));
                        }
                    });
            System.out.printf("%d accounts, the latest poll %s late%n", POLLED, latest(polls));
            List<Instant> limited = polls.get(authorization(7));
            for (int i = 1; i < limited.size(); i++) {
                assertThat(Duration.between(limited.get(i - 1), limited.get(i)))
                        .isGreaterThan(Duration.ofMillis(19_900));
            }
            // It is asked again when a request has been given up, after a minute.
            assertThat(polls.get(authorization(8)))
                    .hasSizeLessThanOrEqualTo(POLL_SECONDS > 10 ? most + 1 : 2);
        } finally {
            over.countDown();
        }
    }

    @Test
    void stopsAskingWhenAnOrderIsCancelled() throws Exception {
        vendor.list("/v1/charges", CHARGES.backfill(), TestingVendor.charges(5_000), 100);
        vendor.beSlow(Duration.ofMillis(100));
        system.organization(1);
        system.integration(1, "svi_1", CHARGES);
        system.order("bfj_1", 1, "svi_1", Extent.FULL, Children.LEFT_OUT);
        start();
        soon().until(() -> vendor.calls().size() >= 5);
        system.cancel("bfj_1", 1, "svi_1");

        ended("bfj_1", State.CANCELLED);
        int asked = vendor.calls().size();
        // Another order begins at once, and from the beginning.
        system.order("bfj_2", 1, "svi_1", Extent.FULL, Children.LEFT_OUT);
        soon().until(() -> vendor.calls().size() > asked + 2);
        assertThat(vendor.calls().subList(asked, asked + 2))
                .anySatisfy(call -> assertThat(call.query()).doesNotContainKey("starting_after"));
    }

    /** How far beyond the period any two polls of an account were apart. */
    private static Duration latest(Map<String, List<Instant>> polls) {
        Duration latest = Duration.ZERO;
        for (List<Instant> times : polls.values()) {
            for (int i = 1; i < times.size(); i++) {
                Duration apart = Duration.between(times.get(i - 1), times.get(i));
                Duration late = apart.minusSeconds(POLL_SECONDS);
                latest = late.compareTo(latest) > 0 ? late : latest;
            }
        }
        return latest;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String authorization(int organization) {
        return "Basic "
                + Base64.getEncoder()
                        .encodeToString((TestingBackfill.KEY + organization + ":").getBytes(UTF_8));
    }

    private void start() throws Exception {
        system.start(TestingBackfill.settings(vendor.url()), null, 2);
    }

    private void ended(String run, State state) {
        soon().untilAsserted(
                        () -> {
                            BackfillProgress report = system.report(run);
                            assertThat(report).isNotNull();
                            assertThat(report.state()).as(report.toString()).isEqualTo(state);
                        });
    }

    private List<String> ids() throws Exception {
        List<String> ids = new ArrayList<>();
        for (Event event : system.events()) {
            ids.add(TestingVendor.JSON.readTree(event.body()).get("id").asText());
        }
        return ids;
    }

    private static List<String> ids(List<ObjectNode> items) {
        return items.stream().map(item -> item.get("id").asText()).toList();
    }

    private ConditionFactory soon() {
        return Awaitility.await()
                .failFast(system::checkRunning)
                .atMost(Duration.ofSeconds(40))
                .pollInterval(Duration.ofMillis(100));
    }
}
