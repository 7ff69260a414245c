package io.webhookdb.connectors.sync;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.webhookdb.embedded.EmbeddedKafka;
import io.webhookdb.schemas.control.SyncTargetSettings.Deletes;
import io.webhookdb.security.connection.KafkaUrl;
import io.webhookdb.security.outbound.OutboundPolicy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class KafkaSyncTargetITCase extends SyncTargetContract {
    private static EmbeddedKafka kafka;
    private static Admin admin;

    @BeforeAll
    static void startKafka() {
        kafka = EmbeddedKafka.start(EmbeddedKafka.Settings.temporary());
        admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    }

    @AfterAll
    static void stopKafka() {
        admin.close();
        kafka.close();
    }

    @Override
    SyncTarget open() {
        return open(kafka.bootstrapServers(), "127.0.0.0/8");
    }

    private static SyncTarget open(String servers, String allowed) {
        return new KafkaSyncTarget(url(servers), OutboundPolicy.parse(allowed));
    }

    private static KafkaUrl url(String servers) {
        return KafkaUrl.parse("kafka://" + servers + "/shop?security=plaintext");
    }

    @Override
    Order order() {
        return Order.AS_SENT;
    }

    /** The last record of the key is the row. */
    @Override
    JsonNode stored(SyncTable table, String key) throws Exception {
        Optional<ConsumerRecord<byte[], byte[]>> last = last(table, key);
        return last.isEmpty() || last.get().value() == null
                ? null
                : TestingRow.JSON.readTree(last.get().value()).get("row");
    }

    private static Optional<ConsumerRecord<byte[], byte[]>> last(SyncTable table, String key) {
        TopicPartition partition = new TopicPartition(KafkaSyncTarget.topic(url("h"), table), 0);
        AtomicReference<ConsumerRecord<byte[], byte[]>> last = new AtomicReference<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers",
                                kafka.bootstrapServers(),
                                "fetch.max.bytes",
                                64 << 20,
                                "max.partition.fetch.bytes",
                                64 << 20),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(100))
                        .forEach(
                                message -> {
                                    if (new String(message.key(), UTF_8).equals(key)) {
                                        last.set(message);
                                    }
                                });
            }
        }
        return Optional.ofNullable(last.get());
    }

    /** A new topic: nothing of an earlier test is in it. */
    @Override
    void drop(SyncTable table) throws Exception {
        String topic = KafkaSyncTarget.topic(url("h"), table);
        if (admin.listTopics().names().get().contains(topic)) {
            admin.deleteTopics(List.of(topic)).all().get();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> !admin.listTopics().names().get().contains(topic));
        }
        admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
    }

    @Test
    void writesATombstoneForADeletedRowThatIsToGo() throws Exception {
        SyncTable whole = TestingService.table("", "removed");
        drop(whole);
        SyncTable table =
                new SyncTable(
                        whole.integration(),
                        whole.service(),
                        whole.source(),
                        whole.schema(),
                        whole.table(),
                        SyncTable.Resource.PRESENT,
                        Deletes.REMOVED);
        try (SyncTarget target = open()) {
            target.deliver(page(table, TestingRow.of("a", 1)));
            ObjectNode envelope =
                    (ObjectNode) TestingRow.JSON.readTree(last(table, "a").orElseThrow().value());
            assertThat(envelope.remove("row").isObject()).isTrue();
            assertThat(envelope.toString())
                    .isEqualTo(
                            "{\"integration\":\"svi_1\",\"service\":\"acme_order_v1\",\"table\":"
                                    + "\"orders_1\",\"key\":\"a\",\"version\":\""
                                    + TestingRow.of("a", 1).version()
                                    + "\",\"deleted\":false}");
            target.deliver(page(table, TestingRow.deleted("a", 2)));
        }
        ConsumerRecord<byte[], byte[]> tombstone = last(table, "a").orElseThrow();
        assertThat(tombstone.value()).isNull();
        assertThat(tombstone.headers().lastHeader("webhookdb-version").value())
                .asString(UTF_8)
                .isEqualTo(TestingRow.deleted("a", 2).version());
    }

    /** The bootstrap server is allowed, and the address it advertises is not. */
    @Test
    void dialsNoAdvertisedAddressThePolicyRefuses() throws Exception {
        SyncTable table = TestingService.table("", "advertised");
        drop(table);
        int port = Integer.parseInt(kafka.bootstrapServers().split(":")[1]);
        try (Relay relay = new Relay("127.0.0.2", port);
                SyncTarget target = open("127.0.0.2:" + relay.port(), "127.0.0.2/32")) {
            SyncException refused = failure(target, table);
            assertThat(refused.failure()).isEqualTo(SyncFailure.CONFIGURATION);
            assertThat(refused).hasMessageContaining("127.0.0.1");
            assertThat(relay.connections()).isPositive();
        }
        assertThat(last(table, "a")).isEmpty();
    }

    @Test
    void isPlainOnlyWhereTheOperatorListedTheAddress() {
        try (SyncTarget target = open("198.41.0.4:9", "")) {
            SyncException refused = failure(target, TestingService.table("", "plain"));
            assertThat(refused.failure()).isEqualTo(SyncFailure.CONFIGURATION);
            assertThat(refused).hasMessageContaining("198.41.0.4");
        }
    }

    @Test
    void condemnsOnlyARecordThatIsTooLarge() throws Exception {
        SyncTable table = TestingService.table("", "large");
        drop(table);
        String text = "x".repeat(24 << 20);
        ObjectNode data = TestingRow.JSON.createObjectNode().put("t", text);
        SyncRow large = TestingRow.of("a", 1, TestingRow.JSON.createObjectNode(), data.toString());
        try (SyncTarget target = open()) {
            SyncException refused =
                    catchThrowableOfType(
                            SyncException.class, () -> target.deliver(page(table, large)));
            assertThat(refused.failure()).isEqualTo(SyncFailure.POISON);
        }
    }

    private static SyncException failure(SyncTarget target, SyncTable table) {
        return catchThrowableOfType(
                SyncException.class, () -> target.deliver(page(table, TestingRow.of("a", 1))));
    }

    private static SyncPage page(SyncTable table, SyncRow row) {
        return new SyncPage(table, List.of(row), Instant.ofEpochSecond(1));
    }

    /** Another address of the same broker. */
    private static final class Relay implements AutoCloseable {
        private final ServerSocket server;
        private final ExecutorService threads = Executors.newCachedThreadPool();
        private final AtomicInteger connections = new AtomicInteger();

        Relay(String address, int to) throws IOException {
            server = new ServerSocket(0, 10, InetAddress.getByName(address));
            threads.execute(
                    () -> {
                        while (!server.isClosed()) {
                            try {
                                Socket in = server.accept();
                                Socket out = new Socket("127.0.0.1", to);
                                connections.incrementAndGet();
                                threads.execute(() -> copy(in, out));
                                threads.execute(() -> copy(out, in));
                            } catch (IOException e) {
                                return;
                            }
                        }
                    });
        }

        private static void copy(Socket from, Socket to) {
            try (from;
                    to) {
                from.getInputStream().transferTo(to.getOutputStream());
            } catch (IOException e) {
                return;
            }
        }

        int port() {
            return server.getLocalPort();
        }

        int connections() {
            return connections.get();
        }

        @Override
        public void close() throws IOException {
            server.close();
            threads.shutdownNow();
        }
    }
}
