package io.webhookdb.controlplane.provisioner;

import io.webhookdb.schemas.Topics;
import io.webhookdb.schemas.control.ControlCodec;
import io.webhookdb.schemas.control.ControlRecord;
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

    ControlPublisher(String bootstrap) {
        this.producer =
                new KafkaProducer<>(
                        Map.of(
                                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                bootstrap,
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
                                4 * 1024 * 1024),
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
            send(records);
        } catch (KafkaException e) {
            throw new NotAcknowledgedException(e);
        }
    }

    private void send(List<? extends ControlRecord> records) {
        List<Future<RecordMetadata>> sent = new ArrayList<>(records.size());
        for (ControlRecord record : records) {
            sent.add(
                    producer.send(
                            new ProducerRecord<>(
                                    Topics.CONTROL,
                                    record.key().getBytes(StandardCharsets.UTF_8),
                                    ControlCodec.encode(record))));
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
