package io.webhookdb.controlplane.provisioner;

import io.webhookdb.schemas.Topics;
import io.webhookdb.schemas.control.ControlCodec;
import io.webhookdb.schemas.control.ControlRecord;
import io.webhookdb.schemas.event.Event;
import io.webhookdb.schemas.event.EventHeaders;
import io.webhookdb.security.kafka.KafkaAccess;
import java.nio.charset.StandardCharsets;
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

/** Writes control records in order and returns when they are durable. */
final class ControlPublisher implements AutoCloseable {
    private final KafkaProducer<byte[], byte[]> producer;

    ControlPublisher(KafkaAccess kafka) {
        this.producer =
                new KafkaProducer<>(
                        kafka.client(
                                Map.of(
                                        ProducerConfig.CLIENT_ID_CONFIG,
                                        "webhookdb-provisioner",
                                        ProducerConfig.ACKS_CONFIG,
                                        "all",
                                        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                                        true,
                                        ProducerConfig.LINGER_MS_CONFIG,
                                        0,
                                        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                                        5_000,
                                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                                        10_000,
                                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                                        10_000L,
                                        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                                        4 * 1024 * 1024)),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
    }

    /**
     * Publishes in this order.
     *
     * @throws NotAcknowledgedException if not all of it is known to be durable; publishing again is
     *     always right
     */
    void publish(List<? extends ControlRecord> records) {
        try {
            send(records.stream().map(ControlPublisher::record).toList());
        } catch (KafkaException e) {
            throw new NotAcknowledgedException(e);
        }
    }

    /**
     * Puts events on an event topic.
     *
     * @throws NotAcknowledgedException as {@link #publish}
     */
    void publishEvents(String topic, List<Event> events) {
        try {
            send(events.stream().map(event -> record(topic, event)).toList());
        } catch (KafkaException e) {
            throw new NotAcknowledgedException(e);
        }
    }

    private static ProducerRecord<byte[], byte[]> record(String topic, Event event) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, event.body());
        EventHeaders.write(event, record.headers()::add);
        return record;
    }

    private static ProducerRecord<byte[], byte[]> record(ControlRecord record) {
        return new ProducerRecord<>(
                Topics.CONTROL,
                record.key().getBytes(StandardCharsets.UTF_8),
                ControlCodec.encode(record));
    }

    private void send(List<ProducerRecord<byte[], byte[]>> records) {
        List<Future<RecordMetadata>> sent = new ArrayList<>(records.size());
        for (ProducerRecord<byte[], byte[]> record : records) {
            sent.add(producer.send(record));
        }
        try {
            for (Future<RecordMetadata> future : sent) {
                future.get();
            }
        } catch (ExecutionException e) {
            throw new NotAcknowledgedException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while control records were sent", e);
        }
    }

    /** Kafka did not take the records. */
    static final class NotAcknowledgedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        NotAcknowledgedException(Throwable cause) {
            super("Control records were not acknowledged: " + cause.getMessage(), cause);
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
    }
}
