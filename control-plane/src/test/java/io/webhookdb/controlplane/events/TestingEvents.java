package io.webhookdb.controlplane.events;

import io.webhookdb.controlplane.TestingTopic;
import io.webhookdb.schemas.event.Event;
import io.webhookdb.schemas.event.EventHeaders;
import io.webhookdb.schemas.event.EventIds;
import io.webhookdb.schemas.event.Origin;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Requests on Kafka as ingest keeps them. */
public final class TestingEvents {
    private static final EventIds IDS = new EventIds();

    private TestingEvents() {}

    /** A request that arrived at that time. */
    public static Event event(
            String integration,
            Origin origin,
            Map<String, String> headers,
            Instant at,
            String body) {
        return new Event(
                IDS.next(),
                integration,
                1,
                ChronoUnit.MICROS.between(Instant.EPOCH, at),
                origin,
                "POST",
                "/v1/service_integrations/" + integration,
                "",
                "application/json",
                headers,
                "verified",
                body.getBytes(StandardCharsets.UTF_8));
    }

    /** Stores it, with the time of receipt as the record's. */
    public static RecordMetadata store(String bootstrap, String topic, Event event) {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            ProducerRecord<byte[], byte[]> record =
                    new ProducerRecord<>(
                            topic, null, event.receivedAtMicros() / 1000, null, event.body());
            EventHeaders.write(event, (name, value) -> record.headers().add(name, value));
            return producer.send(record).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Every event on a topic now. */
    public static List<Event> all(String bootstrap, String topic) {
        return TestingTopic.read(bootstrap, topic).stream()
                .flatMap(record -> StoredEvents.event(record).stream())
                .toList();
    }

    /** Every event of an integration that is on a topic now. */
    public static List<Event> all(String bootstrap, String topic, String integration) {
        return all(bootstrap, topic).stream()
                .filter(event -> event.integration().equals(integration))
                .toList();
    }

    /** One that came again. */
    public static Optional<Event> repeated(String bootstrap, String topic, Event event) {
        return all(bootstrap, topic, event.integration()).stream()
                .filter(found -> found.id().equals(event.id()) && found.origin().isRepeated())
                .findFirst();
    }
}
