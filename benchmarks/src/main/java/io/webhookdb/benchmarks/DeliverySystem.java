package io.webhookdb.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.webhookdb.connectors.webhook.WebhookSettings;
import io.webhookdb.embedded.EmbeddedKafka;
import io.webhookdb.jobs.delivery.DeliveryJob;
import io.webhookdb.jobs.delivery.DeliveryJobSettings;
import io.webhookdb.schemas.Topics;
import io.webhookdb.schemas.change.RowChange;
import io.webhookdb.schemas.change.RowChange.Op;
import io.webhookdb.schemas.change.RowChangeCodec;
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
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Kafka and keysets of a measurement of deliveries: changes come from here, no Postgres does. */
final class DeliverySystem implements AutoCloseable {
    private static final int PARTITIONS = 4;
    private static final long ORGANIZATION = 1;
    private static final String INTEGRATION = "svi_deliveries";
    private static final JsonMapper MAPPER = new JsonMapper();

    private final Path directory;
    private final EmbeddedKafka kafka;
    private final KeysetFolder keysets;
    private final KafkaProducer<byte[], byte[]> producer;

    DeliverySystem(Path directory) throws Exception {
        this.directory = directory;
        kafka = EmbeddedKafka.start(EmbeddedKafka.Settings.in(directory.resolve("kafka")));
        keysets = KeysetFolder.openOrGenerate(directory.resolve("keysets"));
        Map<String, Object> servers = Map.of("bootstrap.servers", kafka.bootstrapServers());
        try (Admin admin = Admin.create(servers)) {
            admin.createTopics(
                            Stream.of(
                                            Topics.CHANGES,
                                            Topics.CONTROL,
                                            Topics.STATUS,
                                            Topics.DEAD_LETTERS)
                                    .map(DeliverySystem::topic)
                                    .toList())
                    .all()
                    .get();
        }
        producer =
                new KafkaProducer<>(
                        Map.of(
                                "bootstrap.servers",
                                kafka.bootstrapServers(),
                                "client.id",
                                ThreadCpu.LOAD,
                                "linger.ms",
                                5),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
        publish(new DefinitionControl(Charges.SERVICE.hash(), Charges.SERVICE));
        publish(
                new IntegrationControl(
                        INTEGRATION,
                        ORGANIZATION,
                        1,
                        State.ACTIVE,
                        Charges.SERVICE.name(),
                        Charges.SERVICE.hash(),
                        "charges",
                        null,
                        IntegrationControl.VerificationMode.SKIP,
                        1));
    }

    private static NewTopic topic(String name) {
        return new NewTopic(name, name.equals(Topics.CHANGES) ? PARTITIONS : 1, (short) 1);
    }

    /** A subscription to every change, with a secret to sign with. */
    void subscribe(String id, String url) {
        publish(
                new SubscriptionControl(
                        id,
                        ORGANIZATION,
                        1,
                        State.ACTIVE,
                        null,
                        url,
                        keysets.connectionsSealer()
                                .seal(
                                        "whsec_YmVuY2htYXJrMDEyMzQ1Njc4OWFiY2RlZg==",
                                        SubscriptionControl.secretContext(id)),
                        Delivery.SEND,
                        Ordering.PARALLEL,
                        0));
    }

    private void publish(ControlRecord record) {
        producer.send(
                new ProducerRecord<>(
                        Topics.CONTROL, record.key().getBytes(UTF_8), ControlCodec.encode(record)));
        producer.flush();
    }

    /** Announces that a charge changed, some time before {@link #flush}. */
    void change(String id, long number) throws Exception {
        JsonNode charge = MAPPER.readTree(Charges.body(number, 0)).at("/data/object");
        String key = Charges.key(number);
        RowChange change =
                new RowChange(
                        id,
                        Op.INSERT,
                        ORGANIZATION,
                        INTEGRATION,
                        Charges.SERVICE.name(),
                        "charges",
                        key,
                        number,
                        "0001",
                        id,
                        Instant.now().toString(),
                        Map.of(
                                "stripe_id",
                                charge.get("id"),
                                "amount",
                                charge.get("amount"),
                                "customer",
                                charge.get("customer")),
                        charge,
                        null,
                        false);
        producer.send(
                new ProducerRecord<>(
                        Topics.CHANGES,
                        (ORGANIZATION + "/" + INTEGRATION + "/" + key).getBytes(UTF_8),
                        RowChangeCodec.encode(change)));
    }

    void flush() {
        producer.flush();
    }

    /** The delivery job as in production, on a Flink in this process. */
    JobClient start(int parallelism) throws Exception {
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(
                        BenchmarkJob.configuration(directory, parallelism, null));
        DeliveryJob.build(
                env,
                DeliveryJobSettings.of(
                        kafka.bootstrapServers(),
                        WebhookSettings.of(
                                directory.resolve("keysets").toString(), "", "127.0.0.0/8")));
        return env.executeAsync("delivery");
    }

    Path directory() {
        return directory;
    }

    @Override
    public void close() {
        producer.close();
        kafka.close();
    }
}
