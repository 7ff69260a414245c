package io.webhookdb.ingest;

import io.webhookdb.schemas.Topics;
import io.webhookdb.schemas.status.KeysetsRead;
import io.webhookdb.schemas.status.StatusCodec;
import io.webhookdb.security.kafka.KafkaAccess;
import io.webhookdb.security.keyset.HeldKeys;
import io.webhookdb.security.keyset.KeysetFolder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Reports now and then which keys this process holds, with a producer of its own: what goes wrong
 * here must not touch events.
 */
final class KeysetReports implements AutoCloseable {
    private final KeysetFolder keysets;
    private final ControlView view;
    private final String reader = "ingest/" + UUID.randomUUID();
    private final KafkaProducer<byte[], byte[]> producer;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    task -> {
                        Thread thread = new Thread(task, "ingest-keysets");
                        thread.setDaemon(true);
                        return thread;
                    });

    private KeysetReports(KafkaAccess kafka, KeysetFolder keysets, ControlView view) {
        this.keysets = keysets;
        this.view = view;
        this.producer =
                new KafkaProducer<>(
                        kafka.client(
                                Map.of(
                                        ProducerConfig.CLIENT_ID_CONFIG,
                                        "webhookdb-ingest-keysets",
                                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                                        1_000L,
                                        ProducerConfig.BUFFER_MEMORY_CONFIG,
                                        64L * 1024,
                                        ProducerConfig.ENABLE_METRICS_PUSH_CONFIG,
                                        false)),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
    }

    static KeysetReports start(KafkaAccess kafka, KeysetFolder keysets, ControlView view) {
        KeysetReports reports = new KeysetReports(kafka, keysets, view);
        reports.timer.scheduleWithFixedDelay(
                reports::report, 0, KeysetsRead.EVERY.toMillis(), TimeUnit.MILLISECONDS);
        return reports;
    }

    private void report() {
        try {
            // Read before the keys: what is reported as applied was applied with keys held now.
            long rotated = view.rotatedMicros();
            keysets.held().stream()
                    .filter(keys -> keys.keyset().equals("ingest"))
                    .forEach(keys -> send(keys, rotated));
        } catch (KafkaException | IllegalStateException e) {
            // Kafka or the folder is away; a rotation waits for the next report.
            return;
        }
    }

    private void send(HeldKeys keys, long rotated) {
        KeysetsRead report =
                new KeysetsRead(
                        reader,
                        keys.keyset(),
                        keys.all(),
                        rotated,
                        -1,
                        Instant.now().toString(),
                        keys.primary());
        producer.send(
                new ProducerRecord<>(
                        Topics.STATUS,
                        report.key().getBytes(StandardCharsets.UTF_8),
                        StatusCodec.encode(report)));
    }

    @Override
    public void close() {
        timer.shutdownNow();
        producer.close(Duration.ofSeconds(1));
    }
}
