package io.webhookdb.jobs.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.webhookdb.schemas.Topics;
import io.webhookdb.schemas.change.RowChange;
import io.webhookdb.schemas.change.RowChange.Op;
import io.webhookdb.schemas.change.RowChangeCodec;
import io.webhookdb.schemas.control.ControlHeartbeat;
import io.webhookdb.schemas.control.ControlRecord.State;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class ReplicationJobITCase {
    @RegisterExtension
    static final MiniClusterExtension FLINK =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(4)
                            .build());

    private static final long SECOND = 1_700_000_000L;

    @TempDir static Path shared;
    private static TestingSystem system;
    private static long lastOrganization;

    @TempDir Path directory;
    private TestingJob job;
    private long organization;
    private String integration;
    private String table;

    @BeforeAll
    static void startSystem() throws Exception {
        system = new TestingSystem(shared);
        system.publishDefinition();
    }

    @AfterAll
    static void stopSystem() {
        system.close();
    }

    @BeforeEach
    void createOrganization() {
        organization = ++lastOrganization;
        integration = "svi_" + organization;
        table = "customers";
        system.createDatabase(organization);
        system.createTable(organization, table);
        system.publishOrganization(organization, 1);
        system.publishIntegration(organization, integration, table, 1, State.ACTIVE);
    }

    @AfterEach
    void cancelJob() throws Exception {
        if (job != null) {
            job.cancel();
        }
    }

    @Test
    void writesRowsAndAnnouncesThem() throws Exception {
        system.publish(new ControlHeartbeat(1));
        UUID first = system.customer(integration, "cus_1", SECOND, "a@example.com");
        job = TestingJob.start(system.settings(), directory);

        soon().untilAsserted(() -> assertThat(emails()).containsExactly("a@example.com"));
        RowChange insert = awaitChange(change -> change.op() == Op.INSERT);
        assertThat(insert.eventId()).isEqualTo(first.toString());
        assertThat(insert.service()).isEqualTo("stripe_customer_v1");
        assertThat(insert.remoteKey()).isEqualTo("cus_1");
        assertThat(insert.row().get("email").asText()).isEqualTo("a@example.com");
        assertThat(insert.row().get("created").asText()).isEqualTo("2020-09-13T12:26:40+00:00");
        assertThat(insert.data().get("id").asText()).isEqualTo("cus_1");

        system.customer(integration, "cus_1", SECOND + 1, "b@example.com");
        RowChange update = awaitChange(change -> change.op() == Op.UPDATE);
        assertThat(update.previous().get("email").asText()).isEqualTo("a@example.com");
        assertThat(update.version()).isGreaterThan(insert.version());
        assertThat(update.pk()).isEqualTo(insert.pk());

        system.customer(integration, "cus_1", SECOND, "late@example.com");
        system.customerDeleted(integration, "cus_1", SECOND + 2, "b@example.com");
        awaitChange(change -> change.op() == Op.DELETE);
        assertThat(emails()).containsExactly("b@example.com");
        assertThat(
                        system.column(
                                TestingSystem.database(organization),
                                "SELECT count(*) FROM customers WHERE _deleted_at IS NOT NULL"))
                .containsExactly("1");
        assertThat(changes()).hasSize(3);
    }

    /** The retry of the first is processed before the first itself, and the second before both. */
    @Test
    void readsWhatARetryOverwroteFromTheLogOnceItsOriginalComes() throws Exception {
        job = TestingJob.start(system.settings(), directory);
        String first = TestingSystem.customerBody("cus_1", SECOND, "first@x", "customer.updated");
        UUID original = TestingSystem.IDS.next();
        system.customer(integration, "cus_1", SECOND, "second@x");
        soon().untilAsserted(() -> assertThat(emails()).containsExactly("second@x"));

        system.event(integration, 1, first);
        soon().untilAsserted(() -> assertThat(emails()).containsExactly("first@x"));

        system.event(original, integration, 1, first, 0);
        soon().untilAsserted(() -> assertThat(emails()).containsExactly("second@x"));
        assertThat(changes().get(2).version()).isGreaterThan(changes().get(1).version());
    }

    @Test
    void continuesFromASavepointWithAnotherParallelism() throws Exception {
        job = TestingJob.start(system.settings(), directory);
        for (int i = 0; i < 50; i++) {
            system.customer(integration, "cus_" + i, SECOND, "first@example.com");
        }
        soon().untilAsserted(() -> assertThat(emails()).hasSize(50));
        system.postgres().stop();
        for (int i = 0; i < 50; i++) {
            system.customer(integration, "cus_" + i, SECOND + 1, "second@example.com");
        }
        String savepoint = job.savepoint(directory);
        job.cancel();
        system.postgres().start();

        job = TestingJob.start(system.settings(), directory, savepoint, 3);
        soon().untilAsserted(
                        () -> assertThat(emails()).hasSize(50).containsOnly("second@example.com"));
        soon().untilAsserted(
                        () ->
                                assertThat(changes())
                                        .filteredOn(change -> change.op() == Op.UPDATE)
                                        .extracting(RowChange::remoteKey)
                                        .doesNotHaveDuplicates()
                                        .hasSize(50));
    }

    @Test
    void survivesADatabaseThatGoesAndComesBack() throws Exception {
        job = TestingJob.start(system.settings(), directory);
        system.customer(integration, "cus_1", SECOND, "before@example.com");
        soon().untilAsserted(() -> assertThat(emails()).containsExactly("before@example.com"));

        system.postgres().stop();
        system.customer(integration, "cus_1", SECOND + 1, "during@example.com");
        system.customer(integration, "cus_1", SECOND + 2, "last@example.com");
        system.postgres().start();

        soon().untilAsserted(() -> assertThat(emails()).containsExactly("last@example.com"));
        awaitChange(change -> change.row().get("email").asText().equals("last@example.com"));
        job.checkRunning();
    }

    @Test
    void takesEventsOfAnIntegrationThatBecomesKnownAMomentLater() throws Exception {
        job = TestingJob.start(system.settings(), directory);
        String later = integration + "_later";
        system.createTable(organization, "later");
        system.customer(later, "cus_1", SECOND, "held@example.com");
        system.customer(integration, "cus_1", SECOND, "known@example.com");
        soon().untilAsserted(() -> assertThat(emails()).hasSize(1));
        system.publishIntegration(organization, later, "later", 1, State.ACTIVE);

        soon().untilAsserted(
                        () ->
                                assertThat(
                                                system.column(
                                                        TestingSystem.database(organization),
                                                        "SELECT email FROM later"))
                                        .containsExactly("held@example.com"));
    }

    @Test
    void givesUpEventsOfAnIntegrationThatNeverBecomesKnown() throws Exception {
        job = TestingJob.start(system.settings(), directory);
        UUID event = system.customer("svi_nobody", "cus_1", SECOND, "x@example.com");
        UUID newer =
                system.event(
                        integration,
                        9,
                        TestingSystem.customerBody("c", SECOND, "e", "customer.updated"));

        assertThat(awaitDeadLetter(event.toString())).contains("\"UNKNOWN_INTEGRATION\"");
        assertThat(awaitDeadLetter(newer.toString())).contains("revision 9");
    }

    @Test
    void putsWhatCannotBecomeARowAsideAndGoesOn() throws Exception {
        job = TestingJob.start(system.settings(), directory);
        system.send(
                new ProducerRecord<>(
                        Topics.EVENTS, null, "no headers".getBytes(StandardCharsets.UTF_8)));
        UUID notJson = system.event(integration, 1, "not json");
        UUID refused =
                system.customer(integration, "cus_nul", SECOND, "a".repeat(20) + "@example.com");
        system.execute(
                TestingSystem.database(organization),
                "ALTER TABLE customers ADD CHECK (email NOT LIKE 'aaaa%') NOT VALID");
        UUID refusedLater = system.customer(integration, "cus_2", SECOND, "aaaa@example.com");
        system.customer(integration, "cus_3", SECOND, "fine@example.com");

        assertThat(awaitDeadLetter("MALFORMED_RECORD")).contains("Event header");
        assertThat(awaitDeadLetter(notJson.toString())).contains("\"NOT_JSON\"");
        assertThat(awaitDeadLetter(refusedLater.toString()))
                .contains("\"REFUSED_BY_DATABASE\"", "\"sql_state\":\"23514\"", "cus_2");
        soon().untilAsserted(() -> assertThat(emails()).contains("fine@example.com"));
        assertThat(refused).isNotNull();
        job.checkRunning();
    }

    @Test
    void waitsForATableThatIsMissing() throws Exception {
        job = TestingJob.start(system.settings(), directory);
        system.publishIntegration(organization, integration, "not_yet", 2, State.ACTIVE);
        system.customer(integration, "cus_1", SECOND, "patient@example.com");
        String other = integration + "_other";
        system.publishIntegration(organization, other, table, 1, State.ACTIVE);
        system.customer(other, "cus_2", SECOND, "other@example.com");
        soon().untilAsserted(() -> assertThat(emails()).contains("other@example.com"));

        system.createTable(organization, "not_yet");
        system.publishIntegration(organization, integration, "not_yet", 3, State.ACTIVE);
        soon().untilAsserted(
                        () ->
                                assertThat(
                                                system.column(
                                                        TestingSystem.database(organization),
                                                        "SELECT email FROM not_yet"))
                                        .containsExactly("patient@example.com"));
    }

    @Test
    void dropsEventsOfADeletedIntegration() throws Exception {
        job = TestingJob.start(system.settings(), directory);
        system.publishIntegration(organization, integration, table, 2, State.DELETED);
        String other = integration + "_other";
        system.publishIntegration(organization, other, table, 1, State.ACTIVE);
        system.event(
                integration,
                2,
                TestingSystem.customerBody(
                        "cus_1", SECOND, "gone@example.com", "customer.updated"));
        system.customer(other, "cus_2", SECOND, "here@example.com");

        soon().untilAsserted(() -> assertThat(emails()).containsExactly("here@example.com"));
    }

    private List<String> emails() {
        return system.column(
                TestingSystem.database(organization), "SELECT email FROM customers ORDER BY 1");
    }

    private List<RowChange> changes() {
        return system.records(Topics.CHANGES).stream()
                .map(json -> RowChangeCodec.decode(json.getBytes(StandardCharsets.UTF_8)))
                .filter(change -> change.organization() == organization)
                .toList();
    }

    private RowChange awaitChange(Predicate<RowChange> which) {
        return soon().until(
                        () -> changes().stream().filter(which).findFirst(),
                        found -> found.isPresent())
                .orElseThrow();
    }

    private String awaitDeadLetter(String text) {
        return soon().until(
                        () ->
                                system.records(Topics.DEAD_LETTERS).stream()
                                        .filter(letter -> letter.contains(text))
                                        .findFirst(),
                        found -> found.isPresent())
                .orElseThrow();
    }

    private ConditionFactory soon() {
        return await().failFast(job::checkRunning)
                .atMost(Duration.ofSeconds(40))
                .pollInterval(Duration.ofMillis(100))
                .ignoreExceptions();
    }
}
