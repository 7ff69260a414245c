package io.webhookdb.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class EmbeddedKafkaITCase {
    private static final String TOPIC = "kept";

    @TempDir Path directory;

    @Test
    void keepsRecordsAndClientsOverStopAndStart() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(EmbeddedKafka.Settings.temporary());
                KafkaProducer<String, String> producer = producer(kafka.bootstrapServers())) {
            String servers = kafka.bootstrapServers();
            createTopic(servers);
            send(producer, "before");

            kafka.stop();
            kafka.start();

            assertThat(kafka.bootstrapServers()).isEqualTo(servers);
            send(producer, "after");
            assertThat(read(servers, 2)).containsExactly("before", "after");
        }
    }

    @Test
    void keepsRecordsAndConsumedOffsetsOverCloseAndANewStart() throws Exception {
        int port = FreePort.find();
        try (EmbeddedKafka kafka = start(port)) {
            createTopic(kafka.bootstrapServers());
            try (KafkaProducer<String, String> producer = producer(kafka.bootstrapServers())) {
                send(producer, "first");
            }
            assertThat(read(kafka.bootstrapServers(), 1)).containsExactly("first");
        }
        try (EmbeddedKafka kafka = start(port)) {
            try (KafkaProducer<String, String> producer = producer(kafka.bootstrapServers())) {
                send(producer, "second");
            }
            assertThat(read(kafka.bootstrapServers(), 1)).containsExactly("second");
        }
    }

    @Test
    void keepsWhatItAcknowledgedBeforeItsJvmWasKilled() throws Exception {
        int port = FreePort.find();
        try (TestingJvm jvm =
                TestingJvm.startUntilReady(
                        BrokerOfItsOwn.class, directory.toString(), Integer.toString(port))) {
            try (KafkaProducer<String, String> producer = producer("127.0.0.1:" + port)) {
                createTopic("127.0.0.1:" + port);
                send(producer, "acknowledged");
                jvm.kill();
            }
        }
        try (EmbeddedKafka kafka = start(port)) {
            assertThat(read(kafka.bootstrapServers(), 1)).containsExactly("acknowledged");
        }
    }

    @Test
    void startsAgainWithItsControllerOnAnotherPort() throws Exception {
        for (int controllerPort = FreePort.find(), start = 1;
                start <= 2;
                start++, controllerPort = FreePort.find()) {
            EmbeddedKafka.Settings settings =
                    new EmbeddedKafka.Settings(
                            directory, 0, controllerPort, Lifetime.KEPT, Optional.empty());
            try (EmbeddedKafka kafka = EmbeddedKafka.start(settings);
                    KafkaProducer<String, String> producer = producer(kafka.bootstrapServers())) {
                if (start == 1) {
                    createTopic(kafka.bootstrapServers());
                }
                send(producer, "start " + start);
            }
        }
        try (EmbeddedKafka kafka = start(0)) {
            assertThat(read(kafka.bootstrapServers(), 2)).containsExactly("start 1", "start 2");
        }
    }

    @Test
    void takesRecordsOfTwentyMebibytes() throws Exception {
        int size = 20 * 1024 * 1024;
        try (EmbeddedKafka kafka = EmbeddedKafka.start(EmbeddedKafka.Settings.temporary());
                KafkaProducer<String, String> producer =
                        new KafkaProducer<>(
                                Map.of(
                                        "bootstrap.servers",
                                        kafka.bootstrapServers(),
                                        "max.request.size",
                                        size + 1024),
                                new StringSerializer(),
                                new StringSerializer())) {
            createTopic(kafka.bootstrapServers());
            send(producer, "x".repeat(size));
            assertThat(read(kafka.bootstrapServers(), 1))
                    .singleElement()
                    .satisfies(value -> assertThat(value.length()).isEqualTo(size));
        }
    }

    @Test
    void commitsTransactionsOnItsOneNode() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(EmbeddedKafka.Settings.temporary());
                KafkaProducer<String, String> producer =
                        new KafkaProducer<>(
                                Map.of(
                                        "bootstrap.servers",
                                        kafka.bootstrapServers(),
                                        "transactional.id",
                                        "writer"),
                                new StringSerializer(),
                                new StringSerializer())) {
            createTopic(kafka.bootstrapServers());
            producer.initTransactions();
            producer.beginTransaction();
            send(producer, "committed");
            producer.commitTransaction();
            assertThat(read(kafka.bootstrapServers(), 1)).containsExactly("committed");
        }
    }

    @Test
    void createsNoTopicOnFirstUse() {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(EmbeddedKafka.Settings.temporary());
                KafkaProducer<String, String> producer =
                        new KafkaProducer<>(
                                Map.of(
                                        "bootstrap.servers",
                                        kafka.bootstrapServers(),
                                        "max.block.ms",
                                        "1000"),
                                new StringSerializer(),
                                new StringSerializer())) {
            assertThatThrownBy(() -> send(producer, "lost"))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(TimeoutException.class);
        }
    }

    @Test
    void refusesADirectoryInUseAndATakenPort() {
        try (EmbeddedKafka kafka = start(0)) {
            int port = Integer.parseInt(kafka.bootstrapServers().replace("127.0.0.1:", ""));
            assertThatThrownBy(() -> start(0))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(directory.toString());
            assertThatThrownBy(
                            () ->
                                    EmbeddedKafka.start(
                                            EmbeddedKafka.Settings.temporary().withPort(port)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(Integer.toString(port));
        }
    }

    @Test
    void removesATemporaryDirectoryAtClose() {
        EmbeddedKafka.Settings settings = EmbeddedKafka.Settings.temporary();
        EmbeddedKafka kafka = EmbeddedKafka.start(settings);
        kafka.close();
        assertThat(settings.directory()).doesNotExist();
        assertThatThrownBy(kafka::start).hasMessageContaining("was closed");
    }

    private EmbeddedKafka start(int port) {
        return EmbeddedKafka.start(EmbeddedKafka.Settings.in(directory).withPort(port));
    }

    private static void createTopic(String servers) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
    }

    private static KafkaProducer<String, String> producer(String servers) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", servers, "acks", "all"),
                new StringSerializer(),
                new StringSerializer());
    }

    private static void send(KafkaProducer<String, String> producer, String value)
            throws Exception {
        producer.send(new ProducerRecord<>(TOPIC, value)).get(30, TimeUnit.SECONDS);
    }

    /** Reads as one group, from where it stopped the last time. */
    private static List<String> read(String servers, int count) {
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers", servers,
                                "group.id", "reader",
                                "auto.offset.reset", "earliest"),
                        new StringDeserializer(),
                        new StringDeserializer())) {
            consumer.subscribe(List.of(TOPIC));
            long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while (values.size() < count && System.nanoTime() < deadline) {
                for (ConsumerRecord<String, String> record :
                        consumer.poll(Duration.ofMillis(200))) {
                    values.add(record.value());
                }
            }
            consumer.commitSync();
        }
        return values;
    }

    /** Starts a broker, says "ready" and waits to be killed. */
    static final class BrokerOfItsOwn {
        private BrokerOfItsOwn() {}

        public static void main(String[] arguments) throws Exception {
            EmbeddedKafka.start(
                    EmbeddedKafka.Settings.in(Path.of(arguments[0]))
                            .withPort(Integer.parseInt(arguments[1])));
            System.out.println("ready");
            Thread.currentThread().join();
        }
    }
}
