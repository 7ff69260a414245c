package io.webhookdb.controlplane;

import io.webhookdb.schemas.Topics;
import io.webhookdb.schemas.control.ControlCodec;
import io.webhookdb.schemas.control.ControlHeartbeat;
import io.webhookdb.schemas.control.ControlRecord;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The control topic as a reader that starts at its beginning sees it. */
public final class TestingControlTopic {
    private TestingControlTopic() {}

    /** Every record so far, heartbeats included, in order. */
    public static List<ControlRecord> all(String bootstrap) {
        return raw(bootstrap).stream().map(TestingControlTopic::decoded).toList();
    }

    /** Keys and values as they are. */
    public static String text(String bootstrap) {
        return raw(bootstrap).stream()
                .map(
                        record ->
                                new String(record.key(), StandardCharsets.UTF_8)
                                        + new String(record.value(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("\n"));
    }

    private static ControlRecord decoded(ConsumerRecord<byte[], byte[]> record) {
        ControlRecord decoded = ControlCodec.decode(record.value());
        if (!new String(record.key(), StandardCharsets.UTF_8).equals(decoded.key())) {
            throw new IllegalStateException("Key of " + decoded);
        }
        return decoded;
    }

    private static List<ConsumerRecord<byte[], byte[]>> raw(String bootstrap) {
        TopicPartition partition = new TopicPartition(Topics.CONTROL, 0);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
            return records;
        }
    }

    /** Every record so far but heartbeats. */
    public static List<ControlRecord> entities(String bootstrap) {
        return all(bootstrap).stream()
                .filter(record -> !(record instanceof ControlHeartbeat))
                .toList();
    }

    /** The newest record of a key. */
    public static Optional<ControlRecord> newest(String bootstrap, String key) {
        return all(bootstrap).stream()
                .filter(record -> record.key().equals(key))
                .reduce((first, second) -> second);
    }

    /** Every record so far of one type and organization, in order. */
    public static <T extends ControlRecord> List<T> of(
            String bootstrap, Class<T> type, ToLongFunction<T> organizationOf, long organization) {
        return all(bootstrap).stream()
                .filter(type::isInstance)
                .map(type::cast)
                .filter(record -> organizationOf.applyAsLong(record) == organization)
                .toList();
    }
}
