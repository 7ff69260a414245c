package io.webhookdb.jobs.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.webhookdb.embedded.EmbeddedPostgresServer;
import io.webhookdb.jobs.backfill.TestingVendor.Answer;
import io.webhookdb.jobs.replication.ReplicationJob;
import io.webhookdb.jobs.replication.ReplicationJobSettings;
import io.webhookdb.schemas.catalog.Backfill;
import io.webhookdb.schemas.catalog.BackfillItems;
import io.webhookdb.schemas.catalog.BackfillValue;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.catalog.Setup.StoredField;
import io.webhookdb.schemas.change.RowChange;
import io.webhookdb.schemas.control.BackfillControl.Children;
import io.webhookdb.schemas.control.BackfillControl.Extent;
import io.webhookdb.schemas.control.OrganizationControl;
import io.webhookdb.schemas.row.TableSql;
import io.webhookdb.schemas.status.BackfillProgress;
import io.webhookdb.schemas.status.BackfillProgress.State;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every resource of the catalogue that can be fetched, at once, from an API that answers in its
 * style and throws what APIs throw: each table ends complete.
 */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EveryResourceITCase {
    private static final int ROOTS = 6;
    private static final int ITEMS = 23;
    private static final int PAGE = 5;
    private static final String ITEM_OF_SUBSCRIPTION = "stripe_subscription_item_v1";
    private static final Map<String, ServiceDefinition> SERVICES = new TreeMap<>();

    static {
        TestingBackfill.CATALOG.services().stream()
                .filter(service -> service.backfill() != null)
                .filter(service -> !isVisited(service))
                .filter(service -> !service.vendor().equals("aws"))
                .filter(service -> !isOwned(service))
                .forEach(service -> SERVICES.put(service.name(), service));
    }

    /**
     * Where each row has an address of its own, no simulated API lists all. (Nor price lists of
     * AWS: their address is that of the Atom feed here.)
     */
    private static boolean isVisited(ServiceDefinition service) {
        return service.backfill().fanOut() != null && service.backfill().fanOut().visit() != null;
    }

    /** Where each row has an owner with a token, see {@link CalendarsITCase}. */
    private static boolean isOwned(ServiceDefinition service) {
        return service.backfill().auth().refresh() != null;
    }

    @TempDir static Path directory;
    private final Map<String, Integer> expected = new HashMap<>();
    private EmbeddedPostgresServer postgres;
    private TestingBackfill system;
    private TestingVendor vendor;
    private JobClient replication;

    @BeforeAll
    void fetchEverything() throws Exception {
        system = new TestingBackfill(directory);
        vendor = new TestingVendor();
        postgres = EmbeddedPostgresServer.start(EmbeddedPostgresServer.Settings.temporary());
        system.database(
                new OrganizationControl.Database(
                        "127.0.0.1",
                        postgres.port(),
                        "postgres",
                        "public",
                        postgres.superuser(),
                        system.keysets()
                                .connectionsSealer()
                                .seal(
                                        postgres.password(),
                                        OrganizationControl.ownerPasswordContext(1)),
                        1));
        system.organization(1);
        for (ServiceDefinition service : SERVICES.values()) {
            execute(TableSql.createTable(service, "public", id(service)));
            system.integration(1, id(service), service);
        }
        SERVICES.values().forEach(this::serve);
        vendor.beRough();
        List<String> orders = new ArrayList<>();
        for (ServiceDefinition service : SERVICES.values()) {
            if (service.parent() == null || !SERVICES.containsKey(service.parent())) {
                orders.add("bfj_" + service.name());
                system.order(
                        "bfj_" + service.name(), 1, id(service), Extent.FULL, Children.INCLUDED);
            }
        }
        startReplication();
        system.start(TestingBackfill.settings(vendor.url()), null, 1);
        await().failFast(system::checkRunning)
                .atMost(Duration.ofSeconds(150))
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(
                        () ->
                                assertThat(orders)
                                        .allSatisfy(
                                                order -> {
                                                    BackfillProgress report = system.report(order);
                                                    assertThat(report).as(order).isNotNull();
                                                    assertThat(report.state().ended())
                                                            .as(report.toString())
                                                            .isTrue();
                                                }));
        for (String order : orders) {
            assertThat(system.report(order).state())
                    .as(system.report(order).toString())
                    .isEqualTo(State.FINISHED);
        }
    }

    private void startReplication() throws Exception {
        Configuration configuration = new Configuration();
        configuration.set(CoreOptions.DEFAULT_PARALLELISM, 1);
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        ReplicationJob.build(
                env,
                ReplicationJobSettings.of(
                        system.bootstrapServers(), system.keysetFolder().toString()));
        replication = env.executeAsync("replication");
    }

    @AfterAll
    void stopAll() throws Exception {
        if (replication != null) {
            replication.cancel().get();
        }
        system.close();
        vendor.close();
        postgres.close();
    }

    static Stream<String> services() {
        return SERVICES.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("services")
    void fillsTheTableOfEachResource(String service) {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(
                        () ->
                                assertThat(
                                                count(
                                                        "SELECT count(*) FROM "
                                                                + id(SERVICES.get(service))))
                                        .isEqualTo(expected.get(service)));
    }

    @Test
    void fetchesAResourceThatAnEventOnlyNames() throws Exception {
        ServiceDefinition transfers = SERVICES.get("increase_ach_transfer_v1");
        fillsTheTableOfEachResource(transfers.name());
        vendor.on(
                "/ach_transfers/ach_new",
                call -> Answer.of(200, "{\"id\":\"ach_new\",\"type\":\"ach_transfer\"}"));
        system.webhook(
                id(transfers),
                "{\"id\":\"event_1\",\"type\":\"event\",\"associated_object_type\":"
                        + "\"ach_transfer\",\"associated_object_id\":\"ach_new\"}");
        await().failFast(system::checkRunning)
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(
                        () ->
                                assertThat(
                                                count(
                                                        "SELECT count(*) FROM"
                                                                + " increase_ach_transfer_v1 WHERE"
                                                                + " increase_id = 'ach_new'"))
                                        .isEqualTo(1));
        execute("DELETE FROM increase_ach_transfer_v1 WHERE increase_id = 'ach_new'");
    }

    /** The endpoint was down when the charge was refunded; nobody pushed that. */
    @Test
    void repairsARowThatChangedUnseenAndAnnouncesIt() throws Exception {
        ServiceDefinition charges = SERVICES.get("stripe_charge_v1");
        fillsTheTableOfEachResource(charges.name());
        List<ObjectNode> now = TestingItems.of(charges, 0, ITEMS, List.of());
        now.get(4).put("amount_refunded", 250);
        vendor.list("/v1/charges", charges.backfill(), now, PAGE);
        // A fetched object counts as 5 s older than its request, in whole seconds.
        Instant later = Instant.now().plusSeconds(2);
        await().until(() -> Instant.now().isAfter(later));
        system.order("bfj_repair", 1, id(charges), Extent.INCREMENTAL, Children.LEFT_OUT);
        await().failFast(system::checkRunning)
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(
                        () ->
                                assertThat(
                                                count(
                                                        "SELECT count(*) FROM stripe_charge_v1"
                                                            + " WHERE data ->> 'amount_refunded' ="
                                                            + " '250'"))
                                        .isEqualTo(1));
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () ->
                                assertThat(system.changes())
                                        .filteredOn(
                                                change -> change.service().equals(charges.name()))
                                        .filteredOn(change -> change.op() == RowChange.Op.UPDATE)
                                        .extracting(RowChange::remoteKey)
                                        .containsExactly("id/4"));
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(system.repaired("bfj_repair")).isEqualTo(1));
    }

    @Test
    void tellsOnlyAfterACompleteListingWhatIsGone() throws Exception {
        ServiceDefinition publications = SERVICES.get("sponsy_publication_v1");
        fillsTheTableOfEachResource(publications.name());
        List<ObjectNode> left = TestingItems.of(publications, 0, ROOTS - 2, List.of());
        vendor.list("/v1/publications", publications.backfill(), left, PAGE);
        system.order("bfj_again", 1, id(publications), Extent.FULL, Children.LEFT_OUT);
        await().failFast(system::checkRunning)
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(
                        () ->
                                assertThat(
                                                count(
                                                        "SELECT count(*) FROM sponsy_publication_v1"
                                                                + " WHERE _deleted_at IS NOT NULL"))
                                        .isEqualTo(2));
        assertThat(count("SELECT count(*) FROM sponsy_publication_v1")).isEqualTo(ROOTS);
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(system.repaired("bfj_again")).isEqualTo(2));
    }

    @Test
    void visitsEachCalendarInItsTimeAndTellsWhatLeftIt() throws Exception {
        for (String name : List.of("icalendar_calendar_v1", "icalendar_event_v1")) {
            ServiceDefinition service = TestingBackfill.CATALOG.service(name).orElseThrow();
            execute(TableSql.createTable(service, "public", name));
            system.integration(1, name, service);
        }
        try (TestingVendor feeds = new TestingVendor()) {
            feeds.on("/a.ics", call -> Answer.of(200, feed("single", "series;COUNT=2")));
            sync("SYNC", "a", feeds.url() + "/a.ics");
            sync("SYNC", "b", feeds.url() + "/gone.ics");
            sync("SYNC", "c", "no url");
            until("SELECT count(*) FROM icalendar_calendar_v1", 3);

            visit("bfj_ics_1", Extent.INCREMENTAL);
            until("SELECT count(*) FROM icalendar_event_v1 WHERE calendar_external_id = 'a'", 3);
            until(
                    "SELECT count(*) FROM icalendar_calendar_v1 WHERE (external_id, event_count)"
                            + " = ('a', 3) AND feed_bytes > 100 AND last_synced_at IS NOT NULL",
                    1);
            until(
                    "SELECT count(*) FROM icalendar_calendar_v1 WHERE external_id IN ('b', 'c')"
                            + " AND last_fetch_context ->> 'error' ~ '404|URL'",
                    2);
            int asked = feeds.calls().size();
            visit("bfj_ics_2", Extent.INCREMENTAL);
            assertThat(feeds.calls()).as("none is due").hasSize(asked);

            feeds.on("/a.ics", call -> Answer.of(200, feed("series;COUNT=2")));
            // A fetched object counts in whole seconds.
            Instant later = Instant.now().plusSeconds(2);
            await().until(() -> Instant.now().isAfter(later));
            visit("bfj_ics_3", Extent.FULL);
            until(
                    "SELECT count(*) FROM icalendar_event_v1 WHERE status = 'CANCELLED' AND uid ="
                            + " 'single' AND _deleted_at IS NULL",
                    1);
            assertThat(count("SELECT count(*) FROM icalendar_event_v1 WHERE status IS NULL"))
                    .isEqualTo(2);

            sync("DELETE", "a", "");
            until("SELECT count(*) FROM icalendar_calendar_v1 WHERE _deleted_at IS NULL", 2);
            visit("bfj_ics_4", Extent.INCREMENTAL);
            until("SELECT count(*) FROM icalendar_event_v1 WHERE _deleted_at IS NOT NULL", 3);
        }
    }

    private void sync(String type, String calendar, String url) {
        system.webhook(
                "icalendar_calendar_v1",
                TestingVendor.JSON
                        .createObjectNode()
                        .put("type", type)
                        .put("external_id", calendar)
                        .put("ics_url", url)
                        .toString());
    }

    private void visit(String order, Extent extent) throws Exception {
        system.order(order, 1, "icalendar_event_v1", extent, Children.LEFT_OUT);
        await().failFast(system::checkRunning)
                .atMost(Duration.ofSeconds(60))
                .until(
                        () ->
                                system.report(order) != null
                                        && system.report(order).state() == State.FINISHED);
    }

    private void until(String sql, int expected) {
        await().failFast(system::checkRunning)
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(count(sql)).as(sql).isEqualTo(expected));
    }

    private static String feed(String... events) {
        StringBuilder feed = new StringBuilder("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n");
        for (String event : events) {
            String[] parts = event.split(";", 2);
            feed.append("BEGIN:VEVENT\r\nUID:" + parts[0] + "\r\nDTSTART:20260701T090000Z\r\n");
            feed.append(parts.length == 1 ? "" : "RRULE:FREQ=DAILY;" + parts[1] + "\r\n");
            feed.append("END:VEVENT\r\n");
        }
        return feed + "END:VCALENDAR\r\n";
    }

    /** Has the vendor list a service's items: once, or for each row it is fanned out over. */
    private void serve(ServiceDefinition service) {
        Backfill backfill = service.backfill();
        List<ServiceDefinition> derived =
                SERVICES.values().stream()
                        .filter(other -> other.backfill().derived() != null)
                        .filter(other -> other.backfill().derived().from().equals(service.name()))
                        .toList();
        if (backfill.derived() != null) {
            return;
        }
        if (backfill.fanOut() == null) {
            boolean isParent =
                    SERVICES.values().stream()
                            .anyMatch(other -> service.name().equals(other.parent()));
            int count = isParent ? ROOTS : ITEMS;
            List<ObjectNode> items = TestingItems.of(service, 0, count, derived);
            if (service.name().equals("signalwire_message_v1")) {
                for (int i = 0; i < count; i++) {
                    items.get(i).put("num_media", Integer.toString(i % 2));
                }
            }
            if (service.name().equals("stripe_subscription_v1")) {
                // Two resources come with one listing.
                List<ObjectNode> inner =
                        TestingItems.of(SERVICES.get(ITEM_OF_SUBSCRIPTION), 0, count, List.of());
                for (int i = 0; i < count; i++) {
                    TestingVendor.put(
                            items.get(i),
                            "/items/data",
                            TestingVendor.JSON.createArrayNode().add(inner.get(i)));
                }
            }
            if (!service.name().equals(ITEM_OF_SUBSCRIPTION)) {
                listen(path(backfill.path(), null), service, items);
            }
            expect(service, count, derived);
            return;
        }
        ServiceDefinition parent = SERVICES.get(backfill.fanOut().over());
        int listed = 0;
        // Of messages every other one has media.
        int step = service.name().equals("signalwire_media_v1") ? 2 : 1;
        for (int number = step - 1; number < ROOTS; number += step) {
            ObjectNode over = TestingItems.of(parent, number, 1, List.of()).get(0);
            List<ObjectNode> items = TestingItems.of(service, 1000 * number, ITEMS, derived);
            if (service.name().equals("email_octopus_event_v1")) {
                items.forEach(EveryResourceITCase::makeEvent);
            }
            int passes = backfill.namedOfPass().isEmpty() ? 1 : backfill.passes().size();
            for (int pass = 0; pass < passes; pass++) {
                listen(path(backfill.path(pass), over), service, items);
                listed++;
            }
        }
        expect(service, listed * ITEMS, derived);
    }

    /** Events have no id: one is made of what they say. */
    private static void makeEvent(ObjectNode item) {
        String number = item.remove("unique_id").asText();
        item.put("occurred_at", "2026-01-01T00:00:00+00:00");
        item.putObject("contact").put("id", number);
    }

    private void expect(ServiceDefinition service, int count, List<ServiceDefinition> derived) {
        expected.put(service.name(), count);
        derived.forEach(inner -> expected.put(inner.name(), count));
    }

    private void listen(String path, ServiceDefinition service, List<ObjectNode> items) {
        Backfill backfill = service.backfill();
        if (backfill.items().format() == BackfillItems.Format.ATOM) {
            StringBuilder feed = new StringBuilder("<?xml version=\"1.0\"?><feed>");
            items.forEach(
                    item ->
                            feed.append("<entry><id>")
                                    .append(item.get("id").asText())
                                    .append("</id><title>A &amp; B</title></entry>"));
            vendor.on(path, call -> Answer.of(200, feed + "</feed>"));
            return;
        }
        vendor.list(path, backfill, items, PAGE);
        if (backfill.detail() != null) {
            for (ObjectNode item : items) {
                ObjectNode answer = TestingVendor.JSON.createObjectNode();
                String pointer = backfill.detail().pointer().get(0);
                ObjectNode meant = item.deepCopy().put("detailed", true);
                vendor.on(
                        detail(backfill.detail().path(), item),
                        call -> {
                            if (pointer.isEmpty()) {
                                return Answer.json(meant);
                            }
                            TestingVendor.put(answer, pointer, meant);
                            return Answer.json(answer);
                        });
            }
        }
    }

    private static String path(List<BackfillValue> values, ObjectNode parent) {
        StringBuilder path = new StringBuilder();
        for (BackfillValue value : values) {
            path.append(
                    value.text() != null
                            ? value.text()
                            : value.parent() != null
                                    ? parent.at(value.parent()).asText()
                                    : stored(value.stored()));
        }
        return path.length() == 0 ? "/" : path.toString();
    }

    private static String detail(List<BackfillValue> values, ObjectNode item) {
        StringBuilder path = new StringBuilder();
        for (BackfillValue value : values) {
            path.append(
                    value.text() != null
                            ? value.text()
                            : value.item() != null
                                    ? item.at(value.item()).asText()
                                    : stored(value.stored()));
        }
        return path.toString();
    }

    private static String stored(StoredField field) {
        return switch (field) {
            case BACKFILL_KEY -> TestingBackfill.KEY + "1";
            case BACKFILL_SECRET -> "s" + TestingBackfill.KEY;
            default -> "acme/rockets";
        };
    }

    private static String id(ServiceDefinition service) {
        return service.name();
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private int count(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getInt(1);
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(
                postgres.jdbcUrl("postgres"), postgres.superuser(), postgres.password());
    }
}
