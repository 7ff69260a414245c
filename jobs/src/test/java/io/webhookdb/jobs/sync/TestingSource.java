package io.webhookdb.jobs.sync;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.webhookdb.embedded.EmbeddedKafka;
import io.webhookdb.embedded.EmbeddedPostgresServer;
import io.webhookdb.jobs.TestingTopics;
import io.webhookdb.schemas.Topics;
import io.webhookdb.schemas.catalog.Catalog;
import io.webhookdb.schemas.catalog.Column;
import io.webhookdb.schemas.catalog.ColumnType;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.change.RowChange;
import io.webhookdb.schemas.change.RowChange.Op;
import io.webhookdb.schemas.change.RowChangeCodec;
import io.webhookdb.schemas.control.ControlCodec;
import io.webhookdb.schemas.control.ControlRecord;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.DefinitionControl;
import io.webhookdb.schemas.control.IntegrationControl;
import io.webhookdb.schemas.control.OrganizationControl;
import io.webhookdb.schemas.control.SyncColumns;
import io.webhookdb.schemas.control.SyncTargetControl;
import io.webhookdb.schemas.control.SyncTargetSettings;
import io.webhookdb.schemas.event.EventIds;
import io.webhookdb.schemas.row.PackedVersion;
import io.webhookdb.schemas.row.TableSql;
import io.webhookdb.schemas.row.Version;
import io.webhookdb.schemas.row.Version.Rank;
import io.webhookdb.schemas.status.StatusCodec;
import io.webhookdb.schemas.status.SyncProgress;
import io.webhookdb.security.keyset.KeysetFolder;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** What a sync job reads: a replica table whose commits are announced, and control. */
final class TestingSource implements AutoCloseable {
    static final ServiceDefinition CUSTOMERS =
            Catalog.load().service("stripe_customer_v1").orElseThrow();
    static final long ORGANIZATION = 1;
    static final String INTEGRATION = "svi_1";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final EventIds IDS = new EventIds();

    private final EmbeddedKafka kafka;
    private final EmbeddedPostgresServer postgres;
    private final Path keysets;
    private final KeysetFolder keysetFolder;
    private final KafkaProducer<byte[], byte[]> producer;

    TestingSource(Path directory) throws Exception {
        kafka = EmbeddedKafka.start(EmbeddedKafka.Settings.temporary());
        postgres = EmbeddedPostgresServer.start(EmbeddedPostgresServer.Settings.temporary());
        keysets = directory.resolve("keysets");
        keysetFolder = KeysetFolder.openOrGenerate(keysets);
        TestingTopics.create(
                kafka.bootstrapServers(),
                3,
                Topics.CHANGES,
                Topics.DEAD_LETTERS,
                Topics.STATUS,
                Topics.CONTROL);
        producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", kafka.bootstrapServers()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
        execute("postgres", "CREATE DATABASE warehouse");
        execute("postgres", TableSql.createTable(CUSTOMERS, "public", "customers"));
        define(CUSTOMERS, 1);
        publish(
                new OrganizationControl(
                        ORGANIZATION,
                        "org",
                        1,
                        State.ACTIVE,
                        new OrganizationControl.Database(
                                "127.0.0.1",
                                postgres.port(),
                                "postgres",
                                "public",
                                postgres.superuser(),
                                sealed(
                                        postgres.password(),
                                        OrganizationControl.ownerPasswordContext(ORGANIZATION)),
                                1)));
    }

    private void define(ServiceDefinition definition, long revision) {
        publish(new DefinitionControl(definition.hash(), definition));
        publish(
                new IntegrationControl(
                        INTEGRATION,
                        ORGANIZATION,
                        revision,
                        State.ACTIVE,
                        definition.name(),
                        definition.hash(),
                        "customers",
                        null,
                        IntegrationControl.VerificationMode.SKIP,
                        1));
    }

    /** Another column of text, with that in every row. */
    void addColumn(String name, String value) throws SQLException {
        execute(
                "postgres",
                "ALTER TABLE customers ADD COLUMN %s text DEFAULT '%s'".formatted(name, value));
        List<Column> columns = new ArrayList<>(CUSTOMERS.columns());
        columns.add(new Column(name, ColumnType.TEXT, "/" + name, null, null, null, null, null));
        define(
                new ServiceDefinition(
                        CUSTOMERS.name(),
                        CUSTOMERS.vendor(),
                        CUSTOMERS.vendorName(),
                        CUSTOMERS.singular(),
                        CUSTOMERS.plural(),
                        CUSTOMERS.docsUrl(),
                        CUSTOMERS.modes(),
                        CUSTOMERS.key(),
                        columns,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null),
                2);
    }

    SyncJobSettings settings() {
        SyncJobSettings settings =
                SyncJobSettings.of(kafka.bootstrapServers(), keysets.toString())
                        .withOutboundAllow("127.0.0.0/8");
        return settings.withSync(settings.sync().withShards(2).withReadRows(7));
    }

    String warehouseUrl() {
        return "postgres://%s:%s@127.0.0.1:%d/warehouse"
                .formatted(postgres.superuser(), postgres.password(), postgres.port());
    }

    void target(SyncTargetControl.Kind kind, String id, long revision, String url, State state) {
        target(kind, id, revision, url, state, 1, 0);
    }

    void target(
            SyncTargetControl.Kind kind,
            String id,
            long revision,
            String url,
            State state,
            int period,
            long triggers) {
        publish(control(kind, id, revision, url, state, period, triggers));
    }

    /** A target with settings of its own; of every integration if it is said to take all. */
    void target(SyncTargetControl record, String integration, SyncTargetSettings settings) {
        target(record, integration, record.pageSize(), settings);
    }

    void target(
            SyncTargetControl record,
            String integration,
            int pageSize,
            SyncTargetSettings settings) {
        publish(
                new SyncTargetControl(
                        record.id(),
                        record.organization(),
                        record.revision(),
                        record.state(),
                        integration,
                        record.kind(),
                        record.connectionUrlCiphertext(),
                        record.schema(),
                        record.table(),
                        pageSize,
                        record.periodSeconds(),
                        record.triggersRequested(),
                        settings));
    }

    /** Columns hashed under a key, as the control plane seals it. */
    SyncColumns hashing(String target, List<String> dropped, List<String> hashed, String key) {
        return new SyncColumns(
                List.of(), dropped, hashed, null, sealed(key, SyncColumns.hashKeyContext(target)));
    }

    SyncTargetControl control(
            SyncTargetControl.Kind kind,
            String id,
            long revision,
            String url,
            State state,
            int period,
            long triggers) {
        return new SyncTargetControl(
                id,
                ORGANIZATION,
                revision,
                state,
                INTEGRATION,
                kind,
                sealed(url, SyncTargetControl.connectionUrlContext(id)),
                kind == SyncTargetControl.Kind.POSTGRES ? "mirror" : "",
                "",
                5,
                period,
                triggers);
    }

    private String sealed(String secret, String context) {
        return keysetFolder.connectionsSealer().seal(secret, context);
    }

    private void publish(ControlRecord record) {
        send(Topics.CONTROL, record.key(), ControlCodec.encode(record));
    }

    /** A row that is committed but announced by nobody: it was there before. */
    void existing(String key, long second, String email) throws Exception {
        commit(key, new Version(second * 1_000_000, Rank.PUSH, IDS.next()), email);
    }

    /** A row that is committed and then announced. */
    void change(String key, long second, String email) throws Exception {
        announce(key, new Version(second * 1_000_000, Rank.PUSH, IDS.next()), email);
    }

    void delete(String key, long second, String email) throws Exception {
        announce(key, new Version(second * 1_000_000, Rank.DELETE, IDS.next()), email);
    }

    private void announce(String key, Version version, String email) throws Exception {
        long pk = commit(key, version, email);
        send(
                Topics.CHANGES,
                INTEGRATION + "/" + key,
                RowChangeCodec.encode(announcement(key, pk, version, email)));
    }

    /** Announces a committed row; does not wait for Kafka. */
    void announceSoon(String key, long pk, Version version, String email) throws Exception {
        producer.send(
                new ProducerRecord<>(
                        Topics.CHANGES,
                        (INTEGRATION + "/" + key).getBytes(UTF_8),
                        RowChangeCodec.encode(announcement(key, pk, version, email))));
    }

    private static RowChange announcement(String key, long pk, Version version, String email)
            throws Exception {
        Map<String, JsonNode> row = new LinkedHashMap<>();
        row.put("stripe_id", JSON.valueToTree(key));
        row.put("email", JSON.valueToTree(email));
        return new RowChange(
                UUID.randomUUID().toString(),
                version.rank() == Rank.DELETE ? Op.DELETE : Op.UPDATE,
                ORGANIZATION,
                INTEGRATION,
                CUSTOMERS.name(),
                "customers",
                key,
                pk,
                version.text(),
                version.eventId().toString(),
                Instant.now().toString(),
                row,
                JSON.readTree(data(key, email)),
                null,
                false);
    }

    static String data(String key, String email) {
        return "{\"id\":\"%s\",\"email\":\"%s\"}".formatted(key, email);
    }

    private long commit(String key, Version version, String email) throws SQLException {
        try (Connection connection = connect("postgres");
                PreparedStatement statement =
                        connection.prepareStatement(
                                "INSERT INTO customers AS c (stripe_id, email, _version,"
                                    + " _synced_at, _deleted_at, data) VALUES (?, ?, ?, now(), CASE"
                                    + " WHEN ? THEN now() END, ?::jsonb) ON CONFLICT (stripe_id) DO"
                                    + " UPDATE SET email = excluded.email, _version ="
                                    + " excluded._version, _deleted_at = excluded._deleted_at, data"
                                    + " = excluded.data RETURNING pk")) {
            statement.setString(1, key);
            statement.setString(2, email);
            statement.setBytes(
                    3,
                    new PackedVersion(version, new byte[16], version.eventId(), version.eventId())
                            .bytes());
            statement.setBoolean(4, version.rank() == Rank.DELETE);
            statement.setString(5, data(key, email));
            try (ResultSet result = statement.executeQuery()) {
                result.next();
                return result.getLong(1);
            }
        }
    }

    private void send(String topic, String key, byte[] value) {
        try {
            producer.send(new ProducerRecord<>(topic, key.getBytes(UTF_8), value)).get();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    void execute(String database, String sql) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** First two columns of every row. */
    Map<String, String> query(String database, String sql) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            Map<String, String> values = new LinkedHashMap<>();
            while (result.next()) {
                values.put(result.getString(1), result.getString(2));
            }
            return values;
        }
    }

    Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(
                postgres.jdbcUrl(database), postgres.superuser(), postgres.password());
    }

    /** What the job last reported of a target, one report per shard. */
    Collection<SyncProgress> progress(String target) {
        Map<Integer, SyncProgress> newest = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> record :
                TestingTopics.read(kafka.bootstrapServers(), Topics.STATUS)) {
            if (StatusCodec.decode(record.value()) instanceof SyncProgress progress
                    && progress.target().equals(target)) {
                newest.put(progress.shard(), progress);
            }
        }
        return newest.values();
    }

    /** Keys of the rows that were given up. */
    List<String> givenUp() throws Exception {
        List<String> keys = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record :
                TestingTopics.read(kafka.bootstrapServers(), Topics.DEAD_LETTERS)) {
            keys.add(JSON.readTree(record.value()).get("remote_key").asText());
        }
        return keys;
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
        kafka.close();
        postgres.close();
    }
}
