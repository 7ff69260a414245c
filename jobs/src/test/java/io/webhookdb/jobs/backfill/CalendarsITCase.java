package io.webhookdb.jobs.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.webhookdb.embedded.EmbeddedPostgresServer;
import io.webhookdb.jobs.backfill.TestingVendor.Call;
import io.webhookdb.jobs.replication.ReplicationJob;
import io.webhookdb.jobs.replication.ReplicationJobSettings;
import io.webhookdb.schemas.catalog.Owners;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.control.BackfillControl.Children;
import io.webhookdb.schemas.control.BackfillControl.Extent;
import io.webhookdb.schemas.control.OrganizationControl;
import io.webhookdb.schemas.row.TableSql;
import io.webhookdb.schemas.status.BackfillProgress;
import io.webhookdb.schemas.status.BackfillProgress.State;
import io.webhookdb.security.signature.ChannelToken;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
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

/** Calendars of owners whose refresh tokens came in messages, sealed as ingest seals them. */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CalendarsITCase {
    private static final String LIST = "google_calendar_list_v1";
    private static final String CHANNEL_KEY = "key of channels";
    private static final String OTHER = "_of_2";
    private static final String USER = "microsoft_calendar_user_v1";

    @TempDir static Path directory;
    private EmbeddedPostgresServer postgres;
    private TestingBackfill system;
    private TestingVendor vendor;
    private TestingCalendars calendars;
    private JobClient replication;

    @BeforeAll
    void start() throws Exception {
        system = new TestingBackfill(directory);
        vendor = new TestingVendor();
        calendars = new TestingCalendars(vendor);
        postgres = EmbeddedPostgresServer.start(EmbeddedPostgresServer.Settings.temporary());
        organization(1, "");
        organization(2, OTHER);
        Configuration configuration = new Configuration();
        configuration.set(CoreOptions.DEFAULT_PARALLELISM, 1);
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        ReplicationJob.build(
                env,
                ReplicationJobSettings.of(
                        system.bootstrapServers(), system.keysetFolder().toString()));
        replication = env.executeAsync("replication");
        system.start(
                TestingBackfill.settings(vendor.url())
                        .withEnvironment(Map.of("WEBHOOKDB_INGEST_URL", "https://hooks.test/")),
                null,
                2);
    }

    private void organization(long id, String suffix) throws SQLException {
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
                                        OrganizationControl.ownerPasswordContext(id)),
                        1));
        system.organization(id);
        for (ServiceDefinition service : TestingBackfill.CATALOG.services()) {
            if (List.of("google_calendar", "microsoft_calendar").contains(service.vendor())) {
                execute(TableSql.createTable(service, "public", service.name() + suffix));
                system.integration(id, service.name() + suffix, service, 1, 0);
            }
        }
    }

    @AfterAll
    void stop() throws Exception {
        if (replication != null) {
            replication.cancel().get();
        }
        system.close();
        vendor.close();
        postgres.close();
    }

    @Test
    void fetchesCalendarsAndEventsOfAnOwnerAtOnceAndOnlyWhatChangedLater() throws Exception {
        calendars.google("ann", "ann@x", event("e1"), event("e2"), occurrence("e3_1"));
        calendars.google("ann", "club", event("c1"));
        calendars.google("ann", "left");
        ((ObjectNode) calendars.events("ann", "calendars").get(2)).put("deleted", true);
        message(LIST, "LINKED", "external_owner_id", "ann", "rt-ann");

        until("SELECT count(*) FROM google_calendar_v1 WHERE external_owner_id = 'ann'", 3);
        until(
                "SELECT count(*) FROM google_calendar_event_v1 WHERE external_owner_id = 'ann'"
                        + " AND google_calendar_id IN ('ann@x', 'club')",
                4);
        until(
                "SELECT count(*) FROM google_calendar_source_event_v1 WHERE external_owner_id ="
                        + " 'ann'",
                3);
        assertThat(calls("/calendars/left/events")).isEmpty();
        assertThat(calls("/calendars/ann@x/events"))
                .allSatisfy(call -> assertThat(call.query()).doesNotContainKey("updatedMin"));

        ObjectNode changed = (ObjectNode) calendars.events("ann", "club").get(0);
        changed.put("status", "cancelled").put("updated", Instant.now().toString());
        int asked = vendor.calls().size();
        finished("bfj_ann", 1, "google_calendar_v1", State.FINISHED);
        until("SELECT count(*) FROM google_calendar_event_v1 WHERE status = 'cancelled'", 1);
        assertThat(vendor.calls().subList(asked, vendor.calls().size()))
                .filteredOn(call -> call.path().endsWith("/events"))
                .isNotEmpty()
                .allSatisfy(call -> assertThat(call.query()).containsKey("updatedMin"));
        // A message without a token: everything again, with the one that is stored.
        int before = calls("/calendars/club/events").size();
        system.webhook(LIST, "{\"type\":\"RESYNC\",\"external_owner_id\":\"ann\"}");
        soon().untilAsserted(
                        () ->
                                assertThat(calls("/calendars/club/events"))
                                        .hasSizeGreaterThan(before));
        assertThat(calls("/calendars/club/events").get(before).query())
                .doesNotContainKey("updatedMin");
        assertThat(tokensAsked("ann")).as("one access token serves all").isEqualTo(1);
    }

    @Test
    void aRevokedTokenIsTheTroubleOfItsOwnerAlone() throws Exception {
        calendars.google("bob", "bob@x", event("b1"));
        calendars.google("eve", "eve@x", event("v1"));
        calendars.revoke("bob");
        message(LIST + OTHER, "LINKED", "external_owner_id", "bob", "rt-bob");
        soon().untilAsserted(
                        () -> {
                            BackfillProgress report =
                                    system.report("rows_" + LIST + OTHER + "_INCREMENTAL");
                            assertThat(report).isNotNull();
                            assertThat(report.failure())
                                    .contains("bob")
                                    .contains("expired or revoked")
                                    .doesNotContain("rt-bob");
                        });
        message(LIST + OTHER, "LINKED", "external_owner_id", "eve", "rt-eve");
        until(
                "SELECT count(*) FROM google_calendar_event_v1_of_2 WHERE external_owner_id ="
                        + " 'eve'",
                1);
        finished("bfj_bob", 2, "google_calendar_v1" + OTHER, State.FINISHED);
        assertThat(tokensAsked("bob")).as("a refused token is left alone").isEqualTo(1);
        assertThat(count("SELECT count(*) FROM google_calendar_v1_of_2 WHERE google_id = 'bob@x'"))
                .isZero();
    }

    @Test
    void fetchesOutlookCalendarsInAWindowAndTellsWhatIsGone() throws Exception {
        calendars.microsoft("uma", "cal1", outlook("o1"), outlook("o2"), outlook("o3"));
        message(USER, "LINKED", "microsoft_user_id", "uma", "rt-uma");
        until(
                "SELECT count(*) FROM microsoft_calendar_event_v1 WHERE (microsoft_user_id,"
                    + " microsoft_calendar_id, start_at) = ('uma', 'cal1', '2026-03-01 09:00Z')",
                3);
        List<Call> calls = calls("/me/calendars/cal1/calendarView");
        assertThat(calls.get(0).query())
                .containsEntry("startDateTime", "2022-10-01T00:00:00Z")
                .containsEntry("endDateTime", "2027-09-30T00:00:00Z")
                .containsEntry("$top", "500");
        assertThat(calls)
                .allSatisfy(
                        call ->
                                assertThat(call.headers())
                                        .containsEntry("prefer", "outlook.timezone=\"UTC\""));

        calendars.events("uma", "cal1").remove(1);
        finished("bfj_uma", 1, "microsoft_calendar_v1", State.FINISHED);
        until(
                "SELECT count(*) FROM microsoft_calendar_event_v1 WHERE microsoft_event_id = 'o2'"
                        + " AND _deleted_at IS NOT NULL",
                1);
        assertThat(
                        count(
                                "SELECT count(*) FROM microsoft_calendar_event_v1 WHERE _deleted_at"
                                        + " IS NULL AND microsoft_user_id = 'uma'"))
                .isEqualTo(2);
    }

    @Test
    void hasGoogleTellWhatChangesAndRenewsItsChannelsInTime() throws Exception {
        calendars.google("zoe", "zoe@x", event("z1"));
        calendars.google("zoe", "holidays", event("h1"));
        calendars.unwatchable("holidays");
        message(LIST, "LINKED", "external_owner_id", "zoe", "rt-zoe");
        String path = "/calendars/zoe@x/events/watch";
        soon().untilAsserted(() -> assertThat(calls(path)).isNotEmpty());
        JsonNode asked = TestingVendor.JSON.readTree(calls(path).get(0).body());
        assertThat(asked.get("address").asText())
                .isEqualTo("https://hooks.test/v1/service_integrations/" + LIST);
        assertThat(ChannelToken.verify(CHANNEL_KEY, asked.get("token").asText())).isTrue();

        soon().untilAsserted(() -> assertThat(calls(path)).hasSizeGreaterThan(1));
        until(
                "SELECT count(*) FROM google_calendar_list_v1 WHERE external_owner_id = 'zoe' AND"
                        + " watch_channel_id IS NOT NULL AND watch_resource_id = 'watched' AND"
                        + " watch_channel_expiration > now()",
                1);
        until(
                "SELECT count(*) FROM google_calendar_v1 WHERE (google_id, time_zone,"
                        + " events_watch_resource_id) = ('zoe@x', 'Europe/Berlin', 'watched') AND"
                        + " events_watch_channel_id IS NOT NULL AND"
                        + " events_watch_channel_expiration > now()",
                1);
        until(
                "SELECT count(events_watch_channel_id) FROM google_calendar_v1 WHERE google_id ="
                        + " 'holidays'",
                0);
        assertThat(calls("/calendars/holidays/events/watch")).hasSize(1);
        until("SELECT count(*) FROM google_calendar_event_v1 WHERE google_id = 'z2'", 0);
        calendars.events("zoe", "zoe@x").add(event("z2").put("updated", Instant.now().toString()));
        // The last of its channels is the one that there is now.
        soon().pollInterval(Duration.ofSeconds(1))
                .untilAsserted(
                        () -> {
                            List<Call> made = calls(path);
                            String channel =
                                    TestingVendor.JSON
                                            .readTree(made.get(made.size() - 1).body())
                                            .get("id")
                                            .asText();
                            system.webhook(LIST, "", Map.of("x-goog-channel-id", channel));
                            assertThat(
                                            count(
                                                    "SELECT count(*) FROM google_calendar_event_v1"
                                                            + " WHERE google_id = 'z2'"))
                                    .isEqualTo(1);
                        });
    }

    @Test
    void hasMicrosoftTellWhatChangesAndProlongsItsSubscription() throws Exception {
        calendars.microsoft("ivo", "cal2", outlook("i1"));
        message(USER, "LINKED", "microsoft_user_id", "ivo", "rt-ivo");
        soon().untilAsserted(
                        () ->
                                assertThat(calls("/subscriptions/sub-ivo"))
                                        .extracting(Call::method)
                                        .contains("PATCH"));
        until(
                "SELECT count(*) FROM microsoft_calendar_user_v1 WHERE events_subscription_id ="
                        + " 'sub-ivo' AND events_subscription_expiration > now()",
                1);
        calendars.events("ivo", "cal2").add(outlook("i2"));
        system.webhook(
                USER, "{\"value\":[{\"subscriptionId\":\"sub-ivo\",\"resource\":\"Users/x\"}]}");
        until(
                "SELECT count(*) FROM microsoft_calendar_event_v1 WHERE microsoft_event_id = 'i2'",
                1);
    }

    @Test
    void takesAwayWhatItFetchedForAnOwnerWhoIsGoneAndFetchesItAgainForOneWhoIsBack()
            throws Exception {
        calendars.google("kim", "kim@x", event("k1"), event("k2"), event("k3"));
        calendars.google("kim", "work", event("w1"));
        calendars.google("lee", "lee@x", event("l1"));
        message(LIST, "LINKED", "external_owner_id", "kim", "rt-kim");
        message(LIST, "LINKED", "external_owner_id", "lee", "rt-lee");
        until(living("google_calendar_event_v1", "kim"), 4);
        until(living("google_calendar_source_event_v1", "kim"), 4);
        until(living("google_calendar_event_v1", "lee"), 1);

        system.webhook(LIST, "{\"type\":\"UNLINKED\",\"external_owner_id\":\"kim\"}");
        until(living("google_calendar_event_v1", "kim"), 0);
        until(living("google_calendar_source_event_v1", "kim"), 0);
        until(living("google_calendar_v1", "kim"), 0);
        assertThat(
                        count(
                                "SELECT count(*) FROM google_calendar_event_v1 WHERE status ="
                                        + " 'confirmed' AND external_owner_id = 'kim'"))
                .as("they are only marked")
                .isEqualTo(4);
        assertThat(count(living("google_calendar_event_v1", "lee"))).isEqualTo(1);

        // Nothing has changed at the vendor meanwhile.
        message(LIST, "LINKED", "external_owner_id", "kim", "rt-kim");
        until(living("google_calendar_v1", "kim"), 2);
        until(living("google_calendar_event_v1", "kim"), 4);
        until(living("google_calendar_source_event_v1", "kim"), 4);
    }

    @Test
    void keepsARefreshTokenThatTheVendorHandsOutInPlaceOfAnother() throws Exception {
        calendars.google("ned", "ned@x", event("n1"));
        calendars.renews("ned");
        message(LIST, "LINKED", "external_owner_id", "ned", "rt-ned~0");
        until(living("google_calendar_event_v1", "ned"), 1);
        soon().untilAsserted(() -> assertThat(storedToken("ned")).matches("rt-ned~[1-9]\\d*"));

        // Its access tokens have ended, and every refresh token but the last with them.
        calendars.events("ned", "ned@x").add(event("n2").put("updated", Instant.now().toString()));
        long before = tokensAsked("ned");
        soon().untilAsserted(
                        () -> {
                            system.webhook(
                                    LIST, "{\"type\":\"RESYNC\",\"external_owner_id\":\"ned\"}");
                            assertThat(tokensAsked("ned")).isGreaterThan(before + 1);
                        });
        until(living("google_calendar_event_v1", "ned"), 2);
        assertThat(calls("/token"))
                .filteredOn(call -> call.body().contains("refresh_token=rt-ned"))
                .extracting(Call::body)
                .as("each was used once")
                .doesNotHaveDuplicates();
    }

    private String storedToken(String owner) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet result =
                        statement.executeQuery(
                                "SELECT encrypted_refresh_token FROM google_calendar_list_v1 WHERE"
                                        + " external_owner_id = '"
                                        + owner
                                        + "'")) {
            result.next();
            return system.keysets()
                    .connectionsOpener()
                    .open(result.getString(1), Owners.context(LIST, "refresh_token"));
        }
    }

    private static String living(String table, String owner) {
        return "SELECT count(*) FROM "
                + table
                + " WHERE _deleted_at IS NULL AND external_owner_id = '"
                + owner
                + "'";
    }

    private void message(String integration, String type, String key, String owner, String token) {
        system.webhook(
                integration,
                TestingCalendars.object()
                        .put("type", type)
                        .put(key, owner)
                        .put(
                                "encrypted_refresh_token",
                                system.keysets()
                                        .connectionsSealer()
                                        .seal(token, Owners.context(integration, "refresh_token")))
                        .put(
                                Owners.CHANNEL_KEY,
                                system.keysets()
                                        .connectionsSealer()
                                        .seal(
                                                CHANNEL_KEY,
                                                Owners.context(integration, Owners.CHANNEL_KEY)))
                        .toString());
    }

    private static ObjectNode event(String id) {
        return TestingCalendars.object()
                .put("id", id)
                .put("status", "confirmed")
                .put("updated", "2025-01-01T00:00:00.000Z");
    }

    private static ObjectNode occurrence(String id) {
        return event(id).put("recurringEventId", "e3");
    }

    private static ObjectNode outlook(String id) {
        ObjectNode event =
                TestingCalendars.object()
                        .put("id", id)
                        .put("lastModifiedDateTime", "2025-01-01T00:00:00Z");
        event.putObject("start")
                .put("dateTime", "2026-03-01T09:00:00.0000000")
                .put("timeZone", "UTC");
        return event;
    }

    private List<Call> calls(String path) {
        return vendor.calls().stream().filter(call -> call.path().equals(path)).toList();
    }

    private long tokensAsked(String owner) {
        return calls("/token").stream()
                .filter(call -> call.body().contains("refresh_token=rt-" + owner))
                .count();
    }

    private void finished(String order, long organization, String integration, State state) {
        system.order(order, organization, integration, Extent.INCREMENTAL, Children.INCLUDED);
        soon().untilAsserted(
                        () -> {
                            BackfillProgress report = system.report(order);
                            assertThat(report).isNotNull();
                            assertThat(report.state()).as(report.toString()).isEqualTo(state);
                        });
    }

    private void until(String sql, int expected) {
        soon().untilAsserted(() -> assertThat(count(sql)).as(sql).isEqualTo(expected));
    }

    private org.awaitility.core.ConditionFactory soon() {
        return await().failFast(system::checkRunning).atMost(Duration.ofSeconds(60));
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
