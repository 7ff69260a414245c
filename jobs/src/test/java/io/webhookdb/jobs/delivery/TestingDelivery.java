package io.webhookdb.jobs.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.webhookdb.connectors.webhook.WebhookSettings;
import io.webhookdb.embedded.EmbeddedKafka;
import io.webhookdb.jobs.TestingTopics;
import io.webhookdb.schemas.Topics;
import io.webhookdb.schemas.catalog.Catalog;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.control.ControlCodec;
import io.webhookdb.schemas.control.ControlRecord;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.DefinitionControl;
import io.webhookdb.schemas.control.IntegrationControl;
import io.webhookdb.schemas.control.SubscriptionControl;
import io.webhookdb.schemas.control.SubscriptionControl.Delivery;
import io.webhookdb.schemas.control.SubscriptionControl.Ordering;
import io.webhookdb.security.keyset.KeysetFolder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Kafka, keysets, and what the provisioner and the replication job would write. */
final class TestingDelivery implements AutoCloseable {
    private static final ServiceDefinition CUSTOMERS =
            Catalog.load().service("stripe_customer_v1").orElseThrow();
    static final String SECRET = "whsec_c2VjcmV0";

    private final EmbeddedKafka kafka = EmbeddedKafka.start(EmbeddedKafka.Settings.temporary());
    private final Path directory;
    private final KeysetFolder keysets;
    private final KafkaProducer<byte[], byte[]> producer;
    private long lastAt;

    TestingDelivery(Path directory) throws Exception {
        this.directory = directory;
        keysets = KeysetFolder.openOrGenerate(directory.resolve("keysets"));
        Map<String, Object> servers = Map.of("bootstrap.servers", kafka.bootstrapServers());
        try (Admin admin = Admin.create(servers)) {
            admin.createTopics(
                            Stream.of(
                                            new NewTopic(Topics.CHANGES, 3, (short) 1),
                                            new NewTopic(Topics.CONTROL, 1, (short) 1),
                                            new NewTopic(Topics.STATUS, 1, (short) 1),
                                            new NewTopic(Topics.DEAD_LETTERS, 1, (short) 1))
                                    .toList())
                    .all()
                    .get();
        }
        producer =
                new KafkaProducer<>(servers, new ByteArraySerializer(), new ByteArraySerializer());
        publish(new DefinitionControl(CUSTOMERS.hash(), CUSTOMERS));
    }

    JobClient start(String schedule, String savepoint) throws Exception {
        return start(schedule, savepoint, new Configuration());
    }

    /** With little room for what waits for a subscription. */
    JobClient startNarrow(String schedule, long mostPendingBytes) throws Exception {
        WebhookSettings usual = settings(schedule);
        return start(
                new WebhookSettings(
                        usual.keysets(),
                        usual.retrySchedule(),
                        usual.outboundAllow(),
                        usual.timeout(),
                        usual.mostConnections(),
                        usual.mostPerReceiver(),
                        usual.userAgent(),
                        mostPendingBytes,
                        usual.longestPending()),
                null,
                new Configuration());
    }

    private WebhookSettings settings(String schedule) {
        return WebhookSettings.of(directory.resolve("keysets").toString(), schedule, "127.0.0.0/8");
    }

    /** That lives on when a task manager dies. */
    JobClient startResilient(String schedule) throws Exception {
        Configuration more = new Configuration();
        more.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        more.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 20);
        more.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(200));
        return start(schedule, null, more);
    }

    private JobClient start(String schedule, String savepoint, Configuration more)
            throws Exception {
        return start(settings(schedule), savepoint, more);
    }

    private JobClient start(WebhookSettings webhooks, String savepoint, Configuration more)
            throws Exception {
        Configuration configuration = new Configuration();
        configuration.set(CoreOptions.DEFAULT_PARALLELISM, 2);
        configuration.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(500));
        configuration.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                directory.resolve("checkpoints").toUri().toString());
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "disable");
        configuration.addAll(more);
        if (savepoint != null) {
            configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
        }
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        DeliveryJob.build(env, DeliveryJobSettings.of(kafka.bootstrapServers(), webhooks));
        return env.executeAsync("delivery");
    }

    String stopWithSavepoint(JobClient job) throws Exception {
        return job.stopWithSavepoint(
                        false,
                        directory.resolve("savepoints").toUri().toString(),
                        SavepointFormatType.CANONICAL)
                .get();
    }

    void integration(String id, long organization) {
        publish(
                new IntegrationControl(
                        id,
                        organization,
                        1,
                        State.ACTIVE,
                        CUSTOMERS.name(),
                        CUSTOMERS.hash(),
                        "customers",
                        null,
                        IntegrationControl.VerificationMode.SKIP,
                        1));
    }

    SubscriptionControl subscription(
            String id, long organization, String integration, String url, Ordering ordering) {
        return new SubscriptionControl(
                id,
                organization,
                1,
                State.ACTIVE,
                integration,
                url,
                keysets.connectionsSealer().seal(SECRET, SubscriptionControl.secretContext(id)),
                Delivery.SEND,
                ordering,
                0);
    }

    /** The same at a later revision. */
    static SubscriptionControl changed(
            SubscriptionControl before, State state, Delivery delivery, long tests) {
        SubscriptionControl next =
                state == State.DELETED ? before.ended() : before.delivering(delivery);
        for (long i = before.testsRequested(); i < tests; i++) {
            next = next.tested();
        }
        return next;
    }

    void publish(ControlRecord record) {
        send(
                new ProducerRecord<>(
                        Topics.CONTROL, record.key().getBytes(UTF_8), ControlCodec.encode(record)));
    }

    /** The same, without waiting until it is written. */
    void changeSoon(String id, long organization, String integration, String customer) {
        producer.send(record(id, organization, integration, customer));
    }

    /** A committed change of a customer's row. */
    void change(String id, long organization, String integration, String customer) {
        send(record(id, organization, integration, customer));
    }

    private static ProducerRecord<byte[], byte[]> record(
            String id, long organization, String integration, String customer) {
        String json =
                """
                {"id":"%s","op":"update","organization":%d,"integration":"%s",
                 "service":"stripe_customer_v1","table":"customers","remote_key":"%s","pk":1,
                 "version":"0001","event_id":"e","committed_at":"2026-01-01T00:00:00Z",
                 "row":{"stripe_id":"%s"},"data":{"id":"%s"},"truncated":false}
                """
                        .formatted(id, organization, integration, customer, customer, customer);
        String key = organization + "/" + integration + "/" + customer;
        return new ProducerRecord<>(Topics.CHANGES, key.getBytes(UTF_8), json.getBytes(UTF_8));
    }

    private void send(ProducerRecord<byte[], byte[]> record) {
        try {
            lastAt = producer.send(record).get().timestamp();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** When the last record was written, milliseconds since the epoch. */
    long lastChangeAt() {
        return lastAt;
    }

    /** Waits until the clock shows a later millisecond. */
    void laterThan(long millis) {
        while (System.currentTimeMillis() <= millis) {
            Thread.onSpinWait();
        }
    }

    /** Everything reported so far of deliveries. */
    List<String> reports() {
        // Beside deliveries, the job tells which keys it holds.
        return TestingTopics.read(kafka.bootstrapServers(), Topics.STATUS).stream()
                .map(record -> new String(record.value(), UTF_8))
                .filter(report -> !report.contains("\"keysets_read\""))
                .toList();
    }

    @Override
    public void close() {
        producer.close();
        kafka.close();
    }
}
