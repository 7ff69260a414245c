package io.webhookdb.controlplane;

import io.webhookdb.schemas.event.Event;
import io.webhookdb.schemas.event.EventHeaders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** An event topic as a reader that starts at its beginning sees it. */
public final class TestingEvents {
    private TestingEvents() {}

    /** Every event so far. */
    public static List<Event> of(String bootstrap, String topic) {
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(topic).stream()
                            .map(info -> new TopicPartition(topic, info.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<Event> events = new ArrayList<>();
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
                consumer.poll(Duration.ofMillis(100))
                        .forEach(
                                record -> {
                                    EventHeaders.Reader reader = new EventHeaders.Reader();
                                    record.headers()
                                            .forEach(h -> reader.header(h.key(), h.value()));
                                    events.add(reader.event(record.value()));
                                });
            }
            return events;
        }
    }
}
