package io.webhookdb.standalone.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.webhookdb.controlplane.api.ApiServer;
import io.webhookdb.controlplane.api.ApiSettings;
import io.webhookdb.controlplane.api.auth.LoginPolicy;
import io.webhookdb.controlplane.api.onward.OnwardSettings;
import io.webhookdb.controlplane.provisioner.KafkaTopics;
import io.webhookdb.controlplane.provisioner.MigrationSettings;
import io.webhookdb.controlplane.provisioner.Provisioner;
import io.webhookdb.controlplane.provisioner.ProvisionerSettings;
import io.webhookdb.controlplane.provisioner.TopicSettings;
import io.webhookdb.embedded.EmbeddedKafka;
import io.webhookdb.embedded.EmbeddedPostgresServer;
import io.webhookdb.jobs.replication.ReplicationJob;
import io.webhookdb.jobs.replication.ReplicationJobSettings;
import io.webhookdb.schemas.Topics;
import io.webhookdb.schemas.catalog.Catalog;
import io.webhookdb.schemas.event.Event;
import io.webhookdb.schemas.event.EventHeaders;
import io.webhookdb.schemas.event.EventIds;
import io.webhookdb.schemas.event.Origin;
import io.webhookdb.security.connection.PostgresUrl;
import io.webhookdb.security.kafka.KafkaAccess;
import io.webhookdb.security.keyset.KeysetFolder;
import io.webhookdb.standalone.flink.LocalFlink;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Control plane and replication job with two Postgres servers: the operator's, and one a customer
 * brings. Events are put where ingest puts them.
 */
final class MovingSystem implements AutoCloseable {
    private static final String LOOPBACK = "127.0.0.0/8";
    private static final TopicSettings TOPICS = TopicSettings.standalone(2);

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final EventIds ids = new EventIds();
    private final EmbeddedPostgresServer ours;
    private final EmbeddedPostgresServer theirs;
    private final EmbeddedKafka kafka;
    private final Path keysets;
    private final KafkaProducer<byte[], byte[]> producer;
    private final ApiClient api;
    private final String organization;
    private final String integration;
    private final String table;
    private final MigrationSettings migrations;
    private Provisioner provisioner;

    MovingSystem(Path folder, MigrationSettings migrations) {
        this.migrations = migrations;
        this.keysets = folder.resolve("keysets");
        ours = part(EmbeddedPostgresServer.start(EmbeddedPostgresServer.Settings.temporary()));
        theirs = part(EmbeddedPostgresServer.start(EmbeddedPostgresServer.Settings.temporary()));
        kafka = part(EmbeddedKafka.start(EmbeddedKafka.Settings.temporary()));
        KafkaTopics.ensure(KafkaAccess.plain(kafka.bootstrapServers()), TOPICS);
        KeysetFolder folderOfKeysets = KeysetFolder.openOrGenerate(keysets);
        execute(superuser(), "CREATE DATABASE application");
        startProvisioner();
        ApiServer server =
                part(
                        ApiServer.start(
                                ApiSettings.of(
                                                application(),
                                                folderOfKeysets,
                                                Catalog.load(),
                                                URI.create("http://127.0.0.1:1"))
                                        .withOnward(OnwardSettings.of(LOOPBACK, 1))
                                        .withLoginPolicy(LoginPolicy.ANY_CODE)));
        LocalFlink flink = part(LocalFlink.start(folder.resolve("flink"), 0));
        flink.submit(
                "replication",
                2,
                env ->
                        ReplicationJob.build(
                                env,
                                ReplicationJobSettings.of(
                                                kafka.bootstrapServers(), keysets.toString())
                                        .withOutboundAllow(LOOPBACK)));
        producer =
                part(
                        new KafkaProducer<>(
                                Map.of(
                                        "bootstrap.servers",
                                        kafka.bootstrapServers(),
                                        "linger.ms",
                                        5),
                                new ByteArraySerializer(),
                                new ByteArraySerializer()));
        api = new ApiClient("http://127.0.0.1:" + server.port());
        api.login("move@example.com", () -> "000000");
        organization =
                api.post("/v1/organizations/create", ApiClient.object().put("name", "Move"))
                        .path("id")
                        .asText();
        JsonNode created = created();
        integration = created.path("opaque_id").asText();
        table = created.path("table_name").asText();
    }

    private JsonNode created() {
        String base = "/v1/organizations/" + organization + "/service_integrations";
        api.post(base + "/create", ApiClient.object().put("service_name", Samples.STRIPE_CUSTOMER));
        return api.get(base).at("/items/0");
    }

    private <T extends AutoCloseable> T part(T part) {
        parts.push(part);
        return part;
    }

    PostgresUrl superuser() {
        return PostgresUrl.parse(ours.superuserUrl());
    }

    /** Administrator of the customer's server. */
    PostgresUrl customers() {
        return PostgresUrl.parse(theirs.superuserUrl());
    }

    PostgresUrl application() {
        PostgresUrl superuser = superuser();
        return superuser.with("application", superuser.user(), superuser.password());
    }

    void startProvisioner() {
        provisioner =
                Provisioner.start(
                        ProvisionerSettings.of(
                                        application(),
                                        List.of(superuser()),
                                        KafkaAccess.plain(kafka.bootstrapServers()),
                                        TOPICS,
                                        KeysetFolder.open(keysets))
                                .withMigrations(migrations));
    }

    void stopProvisioner() {
        provisioner.close();
    }

    ApiClient api() {
        return api;
    }

    /** Its number. */
    String organization() {
        return organization;
    }

    String table() {
        return table;
    }

    /** What {@code db connection} prints. */
    PostgresUrl connection() {
        return PostgresUrl.parse(
                api.get("/v1/db/" + organization + "/connection").path("connection_url").asText());
    }

    /** Posts to the integration. */
    JsonNode integration(String verb, ObjectNode body) {
        return api.post(
                "/v1/organizations/"
                        + organization
                        + "/service_integrations/"
                        + integration
                        + "/"
                        + verb,
                body);
    }

    List<String> tables() {
        List<String> names = new ArrayList<>();
        api.get("/v1/db/" + organization + "/tables")
                .path("tables")
                .forEach(name -> names.add(name.asText()));
        return names;
    }

    /** Has everything the log holds processed again. */
    void replayEverything() {
        api.post(
                "/v1/organizations/" + organization + "/replay",
                ApiClient.object().put("everything", true));
    }

    /** Waits until the provisioner has told everyone what was ordered. */
    void awaitProvisioned() {
        await().atMost(Duration.ofSeconds(60))
                .until(
                        () ->
                                query(application(), "SELECT count(*) FROM provisioning")
                                        .equals(List.of(List.of("0"))));
    }

    /** Asks for the move. */
    JsonNode move(PostgresUrl owner, PostgresUrl reader) {
        ObjectNode body = ApiClient.object();
        body.put("admin_url", owner.url()).put("readonly_url", reader.url());
        return api.post("/v1/db/" + organization + "/migrate_database", body);
    }

    /** The newest move as it is listed. */
    JsonNode newestMove() {
        JsonNode items = api.get("/v1/db/" + organization + "/migrations").path("items");
        return items.get(items.size() - 1);
    }

    /** Sends an event about a customer; its balance is a hundred times the version. */
    void send(String customer, long at, int version) {
        send(new Samples().customer(customer, "Ada", at, version).body());
    }

    /** Sends an event that a customer was deleted. */
    void sendDeleted(String customer, long at) {
        send(
                new Samples()
                        .customer(customer, "Ada", at, 0)
                        .body()
                        .replace("customer.updated", "customer.deleted"));
    }

    private void send(String body) {
        Event event =
                new Event(
                        ids.next(),
                        integration,
                        1,
                        ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()),
                        Origin.WEBHOOK,
                        "POST",
                        "/v1/service_integrations/" + integration,
                        "",
                        "application/json",
                        Map.of(),
                        "verified",
                        body.getBytes(UTF_8));
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(Topics.EVENTS, null, event.body());
        EventHeaders.write(event, (name, value) -> record.headers().add(name, value));
        producer.send(record);
    }

    static void execute(PostgresUrl url, String... statements) {
        try (Connection connection = connect(url);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** All rows, every cell as text. */
    static List<List<String>> query(PostgresUrl url, String sql) {
        try (Connection connection = connect(url);
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            List<List<String>> rows = new ArrayList<>();
            while (result.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    row.add(String.valueOf(result.getString(i)));
                }
                rows.add(row);
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Connection connect(PostgresUrl url) throws SQLException {
        return DriverManager.getConnection(url.jdbcUrl(), url.user(), url.password());
    }

    @Override
    public void close() throws Exception {
        provisioner.close();
        while (!parts.isEmpty()) {
            parts.pop().close();
        }
    }
}
