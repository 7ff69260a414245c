package io.webhookdb.ingest;

import io.webhookdb.schemas.Topics;
import io.webhookdb.schemas.event.Event;
import io.webhookdb.schemas.event.EventHeaders;
import io.webhookdb.schemas.status.StatusCodec;
import io.webhookdb.schemas.status.StatusReport;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts events on Kafka. Never blocks its caller, so event loops may call it: without metadata or
 * memory a record fails at once. Thread-safe.
 */
final class Publisher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Publisher.class);
    private static final List<String> TOPICS = List.of(Topics.EVENTS, Topics.REJECTED);

    /** Room for record headers and batch overhead beside the body. */
    private static final int ENVELOPE_BYTES = 128 << 10;

    private final KafkaProducer<byte[], byte[]> producer;
    private final Duration closeTimeout;
    private final AtomicReference<PublishResult> lastLogged =
            new AtomicReference<>(PublishResult.STORED);

    Publisher(IngestSettings settings) {
        this(settings.publishTimeout(), properties(settings));
    }

    private Publisher(Duration closeTimeout, Map<String, Object> properties) {
        this.closeTimeout = closeTimeout;
        this.producer =
                new KafkaProducer<>(
                        properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /**
     * Of a thread of its own, which may wait for metadata and memory; gives up at once at close.
     */
    static Publisher ofSpool(IngestSettings settings) {
        Map<String, Object> properties = new HashMap<>(properties(settings));
        properties.put(ProducerConfig.CLIENT_ID_CONFIG, "webhookdb-ingest-spool");
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 1_000);
        properties.put(ProducerConfig.BATCH_SIZE_CONFIG, 256 << 10);
        properties.put(
                ProducerConfig.BUFFER_MEMORY_CONFIG,
                (16L << 20) + settings.bodyLimitBytes() + ENVELOPE_BYTES);
        return new Publisher(Duration.ZERO, properties);
    }

    private static Map<String, Object> properties(IngestSettings settings) {
        int timeoutMillis = Math.toIntExact(settings.publishTimeout().toMillis());
        return settings.kafka()
                .client(
                        Map.ofEntries(
                                Map.entry(ProducerConfig.CLIENT_ID_CONFIG, "webhookdb-ingest"),
                                Map.entry(ProducerConfig.ACKS_CONFIG, "all"),
                                Map.entry(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true),
                                Map.entry(ProducerConfig.LINGER_MS_CONFIG, 2),
                                Map.entry(ProducerConfig.BATCH_SIZE_CONFIG, 64 << 10),
                                Map.entry(
                                        ProducerConfig.BUFFER_MEMORY_CONFIG,
                                        settings.inFlightLimitBytes() + (16L << 20)),
                                Map.entry(
                                        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                                        settings.bodyLimitBytes() + ENVELOPE_BYTES),
                                Map.entry(ProducerConfig.MAX_BLOCK_MS_CONFIG, 0),
                                Map.entry(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, timeoutMillis),
                                // Half of the whole, so that one retry fits in.
                                Map.entry(
                                        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                                        timeoutMillis / 2),
                                Map.entry(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500),
                                // Forgotten metadata would fail the first record after a quiet
                                // time.
                                Map.entry(
                                        ProducerConfig.METADATA_MAX_IDLE_CONFIG,
                                        Long.MAX_VALUE / 2),
                                Map.entry(ProducerConfig.ENABLE_METRICS_PUSH_CONFIG, false)));
    }

    /**
     * Asks for the topics' metadata, which the first record must find. Does not wait.
     *
     * @return whether it is there
     */
    boolean prefetch() {
        boolean complete = true;
        for (String topic : TOPICS) {
            complete &= hasMetadata(topic);
        }
        // Asked for as well, but no request waits for it.
        hasMetadata(Topics.STATUS);
        return complete;
    }

    private boolean hasMetadata(String topic) {
        try {
            producer.partitionsFor(topic);
            return true;
        } catch (KafkaException e) {
            LOG.debug("No metadata of {} yet", topic, e);
            return false;
        }
    }

    /**
     * Stores an event.
     *
     * @param done told once what became of it, by any thread, also by the calling one
     */
    void publish(String topic, Event event, Consumer<PublishResult> done) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, event.body());
        EventHeaders.write(event, (name, value) -> record.headers().add(name, value));
        try {
            producer.send(record, (metadata, error) -> done.accept(noted(topic, error)));
        } catch (KafkaException | IllegalStateException e) {
            // Unlike the errors of single records these are thrown: fatal or closed producer.
            done.accept(noted(topic, e));
        }
    }

    /**
     * Sends a report to the control plane, which nobody waits for.
     *
     * @param done as for {@link #publish}
     */
    void report(StatusReport report, Consumer<PublishResult> done) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(
                        Topics.STATUS,
                        report.key().getBytes(StandardCharsets.UTF_8),
                        StatusCodec.encode(report));
        try {
            producer.send(record, (metadata, error) -> done.accept(PublishResult.of(error)));
        } catch (KafkaException | IllegalStateException e) {
            done.accept(PublishResult.of(e));
        }
    }

    /** Logs when the state changes, not per request. */
    private PublishResult noted(String topic, Exception error) {
        PublishResult result = PublishResult.of(error);
        if (result == PublishResult.POISON) {
            LOG.error("A record was refused by {} as too large: {}", topic, error.getMessage());
            return result;
        }
        PublishResult before = lastLogged.getAndSet(result);
        if (before != result) {
            if (result == PublishResult.STORED) {
                LOG.info("Kafka stores events again");
            } else {
                LOG.error("Kafka does not store events ({}), topic {}", result, topic, error);
            }
        }
        return result;
    }

    /** Waits for what was sent, at most the publish timeout. */
    @Override
    public void close() {
        producer.close(closeTimeout);
    }
}
