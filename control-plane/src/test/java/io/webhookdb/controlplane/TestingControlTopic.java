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
        TopicPartition partition = new TopicPartition(Topics.CONTROL, 0);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            List<ControlRecord> records = new ArrayList<>();
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<byte[], byte[]> record :
                        consumer.poll(Duration.ofMillis(100))) {
                    ControlRecord decoded = ControlCodec.decode(record.value());
                    if (!new String(record.key(), StandardCharsets.UTF_8).equals(decoded.key())) {
                        throw new IllegalStateException("Key of " + decoded);
                    }
                    records.add(decoded);
                }
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
}
