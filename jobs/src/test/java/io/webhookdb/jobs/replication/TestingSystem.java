package io.webhookdb.jobs.replication;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.webhookdb.embedded.EmbeddedKafka;
import io.webhookdb.embedded.EmbeddedPostgresServer;
import io.webhookdb.jobs.TestingTopics;
import io.webhookdb.schemas.Topics;
import io.webhookdb.schemas.catalog.Catalog;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.control.ControlCodec;
import io.webhookdb.schemas.control.ControlRecord;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.DefinitionControl;
import io.webhookdb.schemas.control.IntegrationControl;
import io.webhookdb.schemas.control.OrganizationControl;
import io.webhookdb.schemas.event.Event;
import io.webhookdb.schemas.event.EventHeaders;
import io.webhookdb.schemas.event.EventIds;
import io.webhookdb.schemas.event.Origin;
import io.webhookdb.schemas.row.TableSql;
import io.webhookdb.security.keyset.KeysetFolder;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Everything around a replication job: Kafka with its topics, a Postgres server, keysets, and what
 * ingest and the provisioner would write. Organization n has database {@code org_n}.
 */
final class TestingSystem implements AutoCloseable {
    static final ServiceDefinition CUSTOMERS =
            Catalog.load().service("stripe_customer_v1").orElseThrow();
    static final EventIds IDS = new EventIds();

    private final EmbeddedKafka kafka;
    private final EmbeddedPostgresServer postgres;
    private final Path keysets;
    private final KeysetFolder keysetFolder;
    private final KafkaProducer<byte[], byte[]> producer;

    TestingSystem(Path directory) throws Exception {
        kafka = EmbeddedKafka.start(EmbeddedKafka.Settings.temporary());
        postgres = EmbeddedPostgresServer.start(EmbeddedPostgresServer.Settings.temporary());
        keysets = directory.resolve("keysets");
        keysetFolder = KeysetFolder.openOrGenerate(keysets);
        TestingTopics.create(
                kafka.bootstrapServers(),
                3,
                Topics.EVENTS,
                Topics.BACKFILL_EVENTS,
                Topics.CHANGES,
                Topics.DEAD_LETTERS,
                Topics.STATUS,
                Topics.CONTROL);
        producer =
                new KafkaProducer<>(
                        Map.of(
                                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                kafka.bootstrapServers(),
                                ProducerConfig.LINGER_MS_CONFIG,
                                0),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
    }

    ReplicationJobSettings settings() {
        return ReplicationJobSettings.of(kafka.bootstrapServers(), keysets.toString())
                .withHold(Duration.ofSeconds(2));
    }

    EmbeddedPostgresServer postgres() {
        return postgres;
    }

    void createDatabase(long organization) {
        execute("postgres", "CREATE DATABASE " + database(organization));
    }

    void createTable(long organization, String table) {
        execute(database(organization), TableSql.createTable(CUSTOMERS, "public", table));
    }

    static String database(long organization) {
        return "org_" + organization;
    }

    void publishOrganization(long organization, long revision) {
        publishOrganization(organization, revision, postgres.password());
    }

    void publishOrganization(long organization, long revision, String password) {
        publishOrganization(organization, revision, password, postgres.port());
    }

    void publishOrganization(long organization, long revision, String password, int port) {
        publish(
                new OrganizationControl(
                        organization,
                        "org-" + organization,
                        revision,
                        State.ACTIVE,
                        new OrganizationControl.Database(
                                "127.0.0.1",
                                port,
                                database(organization),
                                "public",
                                postgres.superuser(),
                                keysetFolder
                                        .connectionsSealer()
                                        .seal(
                                                password,
                                                OrganizationControl.ownerPasswordContext(
                                                        organization)),
                                1)));
    }

    void publishDefinition() {
        publish(new DefinitionControl(CUSTOMERS.hash(), CUSTOMERS));
    }

    void publishIntegration(
            long organization, String integration, String table, long revision, State state) {
        publish(
                new IntegrationControl(
                        integration,
                        organization,
                        revision,
                        state,
                        CUSTOMERS.name(),
                        CUSTOMERS.hash(),
                        table,
                        null,
                        IntegrationControl.VerificationMode.SKIP,
                        1));
    }

    void publish(ControlRecord record) {
        send(
                new ProducerRecord<>(
                        Topics.CONTROL, record.key().getBytes(UTF_8), ControlCodec.encode(record)));
    }

    /** A Stripe event about a customer; returns the event's id. */
    UUID customer(String integration, String customer, long second, String email) {
        return event(integration, 1, customerBody(customer, second, email, "customer.updated"));
    }

    UUID customerDeleted(String integration, String customer, long second, String email) {
        return event(integration, 1, customerBody(customer, second, email, "customer.deleted"));
    }

    static String customerBody(String customer, long second, String email, String type) {
        return """
        {"id":"evt_%s","object":"event","created":%d,"type":"%s","data":{"object":
        {"id":"%s","object":"customer","balance":0,"created":1600000000,"email":"%s","name":"N","phone":"1"}}}
        """
                .formatted(UUID.randomUUID(), second, type, customer, email);
    }

    UUID event(String integration, long revision, String body) {
        UUID id = IDS.next();
        event(
                id,
                integration,
                revision,
                body,
                ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()));
        return id;
    }

    void event(UUID id, String integration, long revision, String body, long receivedAtMicros) {
        Event event =
                new Event(
                        id,
                        integration,
                        revision,
                        receivedAtMicros,
                        Origin.WEBHOOK,
                        "POST",
                        "/v1/service_integrations/" + integration,
                        "",
                        "application/json",
                        Map.of(),
                        "skipped",
                        body.getBytes(UTF_8));
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(Topics.EVENTS, null, event.body());
        EventHeaders.write(event, (name, value) -> record.headers().add(name, value));
        send(record);
    }

    void send(ProducerRecord<byte[], byte[]> record) {
        try {
            producer.send(record).get();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Everything a topic holds now, as text. */
    List<String> records(String topic) {
        return TestingTopics.read(kafka.bootstrapServers(), topic).stream()
                .map(record -> new String(record.value(), UTF_8))
                .toList();
    }

    /** Sum of a group's offsets of the events topic. */
    long committed(String group) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            return admin
                    .listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .entrySet()
                    .stream()
                    .filter(entry -> entry.getKey().topic().equals(Topics.EVENTS))
                    .filter(entry -> entry.getValue() != null)
                    .mapToLong(entry -> entry.getValue().offset())
                    .sum();
        }
    }

    /** As if the job had never read: the next one without state begins at the log's beginning. */
    void forgetProgress() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.deleteConsumerGroups(List.of(settings().groupId())).all().get();
        } catch (ExecutionException e) {
            // Without a commit so far there is nothing to forget.
            if (!(e.getCause() instanceof GroupIdNotFoundException)) {
                throw e;
            }
        }
    }

    void execute(String database, String sql) {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** First column of every row. */
    List<String> column(String database, String sql) {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (result.next()) {
                values.add(result.getString(1));
            }
            return values;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(
                postgres.jdbcUrl(database), postgres.superuser(), postgres.password());
    }

    @Override
    public void close() {
        producer.close();
        kafka.close();
        postgres.close();
    }
}
