package io.webhookdb.ingest;

import io.webhookdb.embedded.EmbeddedKafka;
import io.webhookdb.schemas.Topics;
import io.webhookdb.schemas.control.ControlCodec;
import io.webhookdb.schemas.control.ControlRecord;
import io.webhookdb.schemas.event.Event;
import io.webhookdb.schemas.event.EventHeaders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** A real broker, the writer of its control topic, and a reader of what ingest put there. */
final class TestingKafka implements AutoCloseable {
    private final EmbeddedKafka broker = EmbeddedKafka.start(EmbeddedKafka.Settings.temporary());
    private final KafkaProducer<String, byte[]> producer =
            new KafkaProducer<>(
                    Map.of("bootstrap.servers", broker.bootstrapServers(), "linger.ms", 0),
                    new StringSerializer(),
                    new ByteArraySerializer());

    static TestingKafka withTopics() {
        TestingKafka kafka = new TestingKafka();
        kafka.createTopics();
        return kafka;
    }

    static TestingKafka withoutTopics() {
        return new TestingKafka();
    }

    EmbeddedKafka broker() {
        return broker;
    }

    String bootstrap() {
        return broker.bootstrapServers();
    }

    void createTopics() {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap()))) {
            admin.createTopics(
                            List.of(
                                    topic(Topics.EVENTS, 3),
                                    topic(Topics.REJECTED, 1),
                                    topic(Topics.STATUS, 1),
                                    new NewTopic(Topics.CONTROL, 1, (short) 1)
                                            .configs(Map.of("cleanup.policy", "compact"))))
                    .all()
                    .get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    private static NewTopic topic(String name, int partitions) {
        return new NewTopic(name, partitions, (short) 1)
                .configs(Map.of("max.message.bytes", "21000000"));
    }

    void control(ControlRecord... records) {
        for (ControlRecord record : records) {
            controlBytes(record.key(), ControlCodec.encode(record));
        }
    }

    void controlBytes(String key, byte[] value) {
        try {
            producer.send(new ProducerRecord<>(Topics.CONTROL, key, value)).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    /** The events of an integration that are on the topic now. */
    List<Event> events(String topic, String integration) {
        return records(topic).stream()
                .map(TestingKafka::event)
                .filter(event -> event.integration().equals(integration))
                .toList();
    }

    /** The one event of an integration. */
    Event event(String topic, String integration) {
        List<Event> events = events(topic, integration);
        if (events.size() != 1) {
            throw new AssertionError("expected one event of " + integration + ", got " + events);
        }
        return events.get(0);
    }

    List<ConsumerRecord<byte[], byte[]>> records(String topic) {
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", bootstrap(), "fetch.max.wait.ms", 20),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(topic).stream()
                            .map(info -> new TopicPartition(topic, info.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            while (ends.entrySet().stream()
                    .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
            return records;
        }
    }

    private static Event event(ConsumerRecord<byte[], byte[]> record) {
        EventHeaders.Reader reader = new EventHeaders.Reader();
        record.headers().forEach(header -> reader.header(header.key(), header.value()));
        return reader.event(record.value());
    }

    Optional<byte[]> keyOf(String topic, Event event) {
        return records(topic).stream()
                .filter(record -> event(record).id().equals(event.id()))
                .map(record -> Optional.ofNullable(record.key()))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
        broker.close();
    }
}
