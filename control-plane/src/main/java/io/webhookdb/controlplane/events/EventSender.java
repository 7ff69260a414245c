package io.webhookdb.controlplane.events;

import io.webhookdb.schemas.event.Event;
import io.webhookdb.schemas.event.EventHeaders;
import io.webhookdb.security.kafka.KafkaAccess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Sends events to be processed again, each on the lane it came from. For one thread. */
public final class EventSender implements AutoCloseable {
    private static final int LARGEST = 22 * 1024 * 1024;

    private final KafkaProducer<byte[], byte[]> producer;
    private final List<Future<RecordMetadata>> sent = new ArrayList<>();

    public EventSender(KafkaAccess kafka) {
        this.producer =
                new KafkaProducer<>(
                        kafka.client(
                                Map.of(
                                        ProducerConfig.CLIENT_ID_CONFIG,
                                        "webhookdb-replay",
                                        ProducerConfig.ACKS_CONFIG,
                                        "all",
                                        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                                        true,
                                        ProducerConfig.LINGER_MS_CONFIG,
                                        5,
                                        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                                        10_000,
                                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                                        20_000,
                                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                                        20_000L,
                                        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                                        LARGEST)),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
    }

    /** Begins to send; {@link #flush} tells whether it is durable. */
    public void send(Event event) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(event.origin().topic(), event.body());
        EventHeaders.write(event, (name, value) -> record.headers().add(name, value));
        sent.add(producer.send(record));
    }

    /**
     * Returns when everything sent is durable.
     *
     * @throws KafkaException if some of it is not known to be; sending all of it again is right
     */
    public void flush() {
        List<Future<RecordMetadata>> awaited = List.copyOf(sent);
        sent.clear();
        producer.flush();
        try {
            for (Future<RecordMetadata> one : awaited) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new KafkaException("Events were not acknowledged", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("Interrupted while events were sent", e);
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
    }
}
