package io.webhookdb.controlplane.provisioner;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.webhookdb.schemas.Topics;
import io.webhookdb.schemas.control.ControlCodec;
import io.webhookdb.schemas.control.ControlRecord;
import io.webhookdb.security.kafka.KafkaAccess;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What the parts were told: the control topic from its beginning to the end it has now. */
final class ControlTopic {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final TopicPartition CONTROL = new TopicPartition(Topics.CONTROL, 0);

    private ControlTopic() {}

    /**
     * The record with the largest revision of every entity, by its key. Those that this release
     * cannot read are left out.
     *
     * @throws IllegalStateException if Kafka does not deliver it in time
     */
    static Map<String, ControlRecord> read(KafkaAccess kafka) {
        Map<String, ControlRecord> newest = new HashMap<>();
        long deadline = System.nanoTime() + LIMIT.toNanos();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(kafka)) {
            consumer.assign(List.of(CONTROL));
            consumer.seekToBeginning(List.of(CONTROL));
            long end = consumer.endOffsets(List.of(CONTROL), LIMIT).get(CONTROL);
            while (consumer.position(CONTROL, LIMIT) < end) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException(
                            Topics.CONTROL + " was not read to its end within " + LIMIT + ".");
                }
                consumer.poll(Duration.ofMillis(200)).forEach(record -> apply(record, newest));
            }
        }
        return newest;
    }

    private static void apply(
            ConsumerRecord<byte[], byte[]> record, Map<String, ControlRecord> newest) {
        if (record.key() == null || record.value() == null) {
            return;
        }
        try {
            newest.merge(
                    new String(record.key(), UTF_8),
                    ControlCodec.decode(record.value()),
                    (known, read) -> read.revision() > known.revision() ? read : known);
        } catch (IllegalArgumentException e) {
            // A later release's; it is none of ours to look after.
            return;
        }
    }

    private static KafkaConsumer<byte[], byte[]> consumer(KafkaAccess kafka) {
        return new KafkaConsumer<>(
                kafka.client(
                        Map.of(
                                ConsumerConfig.CLIENT_ID_CONFIG,
                                "webhookdb-provisioner-control",
                                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                                false,
                                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                                "earliest",
                                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                                false)),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }
}
