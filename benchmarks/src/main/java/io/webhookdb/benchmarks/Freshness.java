package io.webhookdb.benchmarks;

import io.webhookdb.schemas.Topics;
import io.webhookdb.schemas.change.RowChange;
import io.webhookdb.schemas.change.RowChangeCodec;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads announcements: from the beginning of a POST to the commit of its row. */
final class Freshness implements AutoCloseable {
    private final KafkaConsumer<byte[], byte[]> consumer;
    private Instant lastCommit = Instant.EPOCH;

    /** Begins after what is announced already. */
    Freshness(BenchmarkSystem system) {
        consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", system.bootstrap()),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
        List<TopicPartition> partitions =
                IntStream.range(0, BenchmarkSystem.PARTITIONS)
                        .mapToObj(i -> new TopicPartition(Topics.CHANGES, i))
                        .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
    }

    /**
     * Milliseconds of that many new rows.
     *
     * @param sentAt microseconds since the epoch, by remote key; what has come is taken out
     */
    Samples of(int rows, Map<String, Long> sentAt) {
        Map<String, Double> millis = new HashMap<>();
        long limit = System.nanoTime() + Duration.ofMinutes(5).toNanos();
        while (millis.size() < rows) {
            if (System.nanoTime() > limit) {
                throw new IllegalStateException(
                        millis.size() + " of " + rows + " rows were announced within 5 minutes.");
            }
            consumer.poll(Duration.ofMillis(100))
                    .forEach(
                            record -> {
                                RowChange change = RowChangeCodec.decode(record.value());
                                Instant commit = Instant.parse(change.committedAt());
                                lastCommit = commit.isAfter(lastCommit) ? commit : lastCommit;
                                long committed = ChronoUnit.MICROS.between(Instant.EPOCH, commit);
                                Long sent = sentAt.remove(change.remoteKey());
                                if (sent != null) {
                                    millis.put(change.remoteKey(), (committed - sent) / 1e3);
                                }
                            });
        }
        Samples samples = new Samples();
        millis.values().forEach(samples::add);
        return samples;
    }

    /** The latest that was announced. */
    Instant lastCommit() {
        return lastCommit;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
