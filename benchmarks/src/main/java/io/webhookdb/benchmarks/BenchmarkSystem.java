package io.webhookdb.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.webhookdb.embedded.EmbeddedKafka;
import io.webhookdb.embedded.EmbeddedPostgresServer;
import io.webhookdb.schemas.Topics;
import io.webhookdb.schemas.control.ControlCodec;
import io.webhookdb.schemas.control.ControlRecord;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.DefinitionControl;
import io.webhookdb.schemas.control.IntegrationControl;
import io.webhookdb.schemas.control.OrganizationControl;
import io.webhookdb.schemas.event.Event;
import io.webhookdb.schemas.event.EventHeaders;
import io.webhookdb.security.keyset.KeysetFolder;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Kafka, Postgres and keysets of a measurement, with what the provisioner would have made.
 * Organization n has database {@code org_n}.
 */
final class BenchmarkSystem implements AutoCloseable {
    static final int PARTITIONS = 4;

    /** Whom the job logs in as. Few steps of key derivation, as the provisioner makes it. */
    private static final String OWNER = "owner";

    private final Path directory;
    private final EmbeddedKafka kafka;
    private final EmbeddedPostgresServer postgres;
    private final KeysetFolder keysets;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Admin admin;
    private final PostgresCpu postgresCpu;

    BenchmarkSystem(Path directory) throws Exception {
        this.directory = directory;
        kafka = EmbeddedKafka.start(EmbeddedKafka.Settings.in(directory.resolve("kafka")));
        postgres =
                EmbeddedPostgresServer.start(
                        EmbeddedPostgresServer.Settings.in(directory.resolve("postgres")));
        postgresCpu = new PostgresCpu(directory.resolve("postgres"));
        keysets = KeysetFolder.openOrGenerate(directory.resolve("keysets"));
        admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
        producer =
                new KafkaProducer<>(
                        Map.of(
                                "bootstrap.servers",
                                kafka.bootstrapServers(),
                                "linger.ms",
                                5,
                                "batch.size",
                                256 << 10),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
        createTopics();
        // The superuser's as well, or 10,000 tables take half an hour of logins to make.
        execute(
                "postgres",
                "SET scram_iterations = 1; CREATE ROLE %s LOGIN PASSWORD '%s'; ALTER ROLE %s PASSWORD '%s'"
                        .formatted(
                                OWNER,
                                postgres.password(),
                                postgres.superuser(),
                                postgres.password()));
        publish(new DefinitionControl(Charges.SERVICE.hash(), Charges.SERVICE));
    }

    private void createTopics() throws Exception {
        admin.createTopics(
                        Stream.of(
                                        Topics.EVENTS,
                                        Topics.BACKFILL_EVENTS,
                                        Topics.REJECTED,
                                        Topics.CHANGES,
                                        Topics.DEAD_LETTERS,
                                        Topics.STATUS,
                                        Topics.FETCHES,
                                        Topics.CONTROL)
                                .map(
                                        topic ->
                                                new NewTopic(
                                                        topic,
                                                        topic.equals(Topics.CONTROL)
                                                                ? 1
                                                                : PARTITIONS,
                                                        (short) 1))
                                .toList())
                .all()
                .get();
    }

    PostgresCpu postgresCpu() {
        return postgresCpu;
    }

    String bootstrap() {
        return kafka.bootstrapServers();
    }

    Path directory() {
        return directory;
    }

    KeysetFolder keysets() {
        return keysets;
    }

    /** Makes an organization with a database of its own, and tells the jobs. */
    void createOrganization(long organization) throws SQLException {
        execute("postgres", "CREATE DATABASE " + database(organization));
        publishOrganization(organization, 1, postgres.port());
    }

    /**
     * Makes an organization whose database is a copy of another's, which takes a tenth of the time.
     */
    void copyOrganization(long organization, long original) throws SQLException {
        execute(
                "postgres",
                "CREATE DATABASE " + database(organization) + " TEMPLATE " + database(original));
        publishOrganization(organization, 1, postgres.port());
    }

    int postgresPort() {
        return postgres.port();
    }

    /** Tells the jobs where an organization's database is, or is not. */
    void publishOrganization(long organization, long revision, int port) {
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
                                OWNER,
                                keysets.connectionsSealer()
                                        .seal(
                                                postgres.password(),
                                                OrganizationControl.ownerPasswordContext(
                                                        organization)),
                                1)));
    }

    /** Makes an integration with a table of its own, and tells ingest and the jobs. */
    void createIntegration(long organization, String integration, String table, String secret)
            throws SQLException {
        createTable(organization, table);
        publishIntegration(organization, integration, table, secret);
    }

    /** Tells ingest and the jobs of an integration whose table is there. */
    void publishIntegration(long organization, String integration, String table, String secret) {
        publish(
                new IntegrationControl(
                        integration,
                        organization,
                        1,
                        State.ACTIVE,
                        Charges.SERVICE.name(),
                        Charges.SERVICE.hash(),
                        table,
                        secret == null
                                ? null
                                : keysets.ingest()
                                        .encrypt(
                                                secret,
                                                IntegrationControl.webhookSecretContext(
                                                        integration)),
                        IntegrationControl.VerificationMode.VERIFY,
                        1));
    }

    /** A table as the provisioner makes them, with all its indexes. */
    void createTable(long organization, String table) throws SQLException {
        Prefill.table(this, organization, table, 0);
    }

    /** Gives a table to whom the job logs in as. */
    static String owned(String table) {
        return "ALTER TABLE " + table + " OWNER TO " + OWNER;
    }

    /** Logins to databases of organizations so far, of those that are still there. */
    long logins() throws SQLException {
        return ofDatabases("sessions");
    }

    /** Transactions in databases of organizations so far, of those that are still there. */
    long transactions() throws SQLException {
        return ofDatabases("xact_commit");
    }

    private long ofDatabases(String count) throws SQLException {
        return number(
                "postgres",
                "SELECT coalesce(sum("
                        + count
                        + "), 0) FROM pg_stat_database WHERE datname LIKE 'org\\_%'");
    }

    /** Open connections of the job. */
    long connections() throws SQLException {
        return number(
                "postgres",
                "SELECT count(*) FROM pg_stat_activity WHERE application_name ="
                        + " 'webhookdb-replication'");
    }

    static String database(long organization) {
        return "org_" + organization;
    }

    void publish(ControlRecord record) {
        producer.send(
                new ProducerRecord<>(
                        Topics.CONTROL, record.key().getBytes(UTF_8), ControlCodec.encode(record)));
        producer.flush();
    }

    /** Puts an event on its topic, some time before {@link #flush}. */
    void send(Event event, int partition) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(Topics.EVENTS, partition, null, event.body());
        EventHeaders.write(event, (name, value) -> record.headers().add(name, value));
        producer.send(record);
    }

    void flush() {
        producer.flush();
    }

    /** Records a topic holds. */
    long records(String topic) throws Exception {
        List<TopicPartition> partitions =
                Stream.iterate(0, i -> i + 1)
                        .limit(PARTITIONS)
                        .map(i -> new TopicPartition(topic, i))
                        .toList();
        return admin
                .listOffsets(
                        partitions.stream()
                                .collect(Collectors.toMap(p -> p, p -> OffsetSpec.latest())))
                .all()
                .get()
                .values()
                .stream()
                .mapToLong(info -> info.offset())
                .sum();
    }

    Connection connect(String database, Map<String, String> more) throws SQLException {
        Properties properties = new Properties();
        properties.put("user", postgres.superuser());
        properties.put("password", postgres.password());
        properties.putAll(more);
        return DriverManager.getConnection(postgres.jdbcUrl(database), properties);
    }

    /** A database as a sync target names it. */
    String url(String database) {
        return "postgres://%s:%s@127.0.0.1:%d/%s"
                .formatted(postgres.superuser(), postgres.password(), postgres.port(), database);
    }

    void execute(String database, String sql) throws SQLException {
        try (Connection connection = connect(database, Map.of());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    long number(String database, String sql) throws SQLException {
        try (Connection connection = connect(database, Map.of());
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getLong(1);
        }
    }

    @Override
    public void close() {
        producer.close();
        admin.close();
        kafka.close();
        postgres.close();
    }
}
