package io.webhookdb.controlplane.provisioner.reading;

import io.webhookdb.controlplane.provisioner.reading.ReadOffsets.OvertakenException;
import io.webhookdb.security.kafka.KafkaAccess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a whole topic into the application database, from where it was left. Offsets are stored
 * with what the records said, so each record counts once, whatever crashes. Trouble with the
 * database or with Kafka makes it wait and try again; a record that cannot be stored is skipped and
 * counted. Runs on a thread of its own until it is closed.
 */
public final class TopicReader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TopicReader.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(15);
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

    /** How often new partitions are looked for. */
    private static final Duration PARTITIONS_EVERY = Duration.ofMinutes(1);

    private final KafkaAccess kafka;
    private final String topic;
    private final BatchStore store;
    private final ReaderProgress progress;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;

    private TopicReader(
            KafkaAccess kafka,
            String topic,
            Jdbi jdbi,
            RecordHandler handler,
            ReaderProgress progress) {
        this.kafka = kafka;
        this.topic = topic;
        this.progress = progress;
        this.store = new BatchStore(topic, jdbi, handler, progress);
        this.thread = new Thread(this::run, "read-" + topic);
        thread.setDaemon(true);
    }

    /**
     * Starts reading.
     *
     * @param progress told how it does
     */
    public static TopicReader start(
            KafkaAccess kafka,
            String topic,
            Jdbi jdbi,
            RecordHandler handler,
            ReaderProgress progress) {
        TopicReader reader = new TopicReader(kafka, topic, jdbi, handler, progress);
        reader.thread.start();
        return reader;
    }

    /** Stops; a batch that is being stored is finished or undone. */
    @Override
    public void close() {
        stop.countDown();
        progress.lagsBy(0);
        try {
            thread.join(STOP_LIMIT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        int failures = 0;
        while (!stopped(wait(failures))) {
            try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
                read(consumer);
                failures = 0;
            } catch (OvertakenException e) {
                failures++;
                LOG.info("{}", e.getMessage());
            } catch (OffsetOutOfRangeException e) {
                // Where to go on instead is decided anew.
                failures++;
            } catch (KafkaException e) {
                failures++;
                LOG.warn("{} cannot be read, trying again: {}", topic, e.getMessage());
            } catch (RuntimeException e) {
                failures++;
                report(e);
            }
        }
    }

    /** Until it is stopped, or the topic has other partitions. */
    private void read(KafkaConsumer<byte[], byte[]> consumer) {
        Set<TopicPartition> partitions = partitions(consumer);
        position(consumer, partitions);
        long lookAt = System.nanoTime() + PARTITIONS_EVERY.toNanos();
        while (!stopped(Duration.ZERO)) {
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            consumer.poll(POLL).forEach(records::add);
            persist(records);
            progress.lagsBy(lag(consumer, partitions));
            if (System.nanoTime() > lookAt) {
                if (!partitions(consumer).equals(partitions)) {
                    return;
                }
                lookAt = System.nanoTime() + PARTITIONS_EVERY.toNanos();
            }
        }
    }

    private static long lag(
            KafkaConsumer<byte[], byte[]> consumer, Set<TopicPartition> partitions) {
        return partitions.stream().mapToLong(one -> consumer.currentLag(one).orElse(0)).sum();
    }

    private void position(KafkaConsumer<byte[], byte[]> consumer, Set<TopicPartition> partitions) {
        Map<Integer, Long> left = store.load(logId());
        Map<TopicPartition, Long> begin = consumer.beginningOffsets(partitions);
        Map<TopicPartition, Long> end = consumer.endOffsets(partitions);
        consumer.assign(partitions);
        for (TopicPartition partition : partitions) {
            Long next = left.get(partition.partition());
            if (next != null && next > end.get(partition)) {
                LOG.warn(
                        "{} ends at offset {}, before {} where it was left: it is another log, and"
                                + " is read from its beginning",
                        partition,
                        end.get(partition),
                        next);
                store.forget(partition.partition());
                next = null;
            }
            if (next == null || next < begin.get(partition)) {
                consumer.seekToBeginning(List.of(partition));
            } else {
                consumer.seek(partition, next);
            }
        }
    }

    private String logId() {
        try (Admin admin = Admin.create(kafka.client(Map.of()))) {
            return admin.describeTopics(List.of(topic))
                    .allTopicNames()
                    .get(ANSWER.toMillis(), TimeUnit.MILLISECONDS)
                    .get(topic)
                    .topicId()
                    .toString();
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException(topic + " cannot be described", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptException(e);
        }
    }

    private Set<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> consumer) {
        return consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .collect(Collectors.toSet());
    }

    /** Tries until it is stored: what was polled is not polled again. */
    private void persist(List<ConsumerRecord<byte[], byte[]>> records) {
        int failures = 0;
        while (!stopped(wait(failures))) {
            try {
                store.store(records);
                return;
            } catch (OvertakenException e) {
                throw e;
            } catch (RuntimeException e) {
                failures++;
                report(e);
            }
        }
    }

    private void report(RuntimeException e) {
        if (!stopped(Duration.ZERO)) {
            LOG.warn(
                    "What {} says cannot be stored, trying again: {}",
                    topic,
                    e.getCause() == null ? e.toString() : e.getCause().toString());
        }
    }

    private static Duration wait(int failures) {
        if (failures == 0) {
            return Duration.ZERO;
        }
        Duration wait = Duration.ofMillis(500L << Math.min(failures - 1, 10));
        return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
    }

    private boolean stopped(Duration wait) {
        try {
            return stop.await(wait.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(
                kafka.client(
                        Map.of(
                                ConsumerConfig.CLIENT_ID_CONFIG,
                                "webhookdb-provisioner-" + topic,
                                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                                false,
                                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                                "none",
                                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                                500,
                                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                                10_000)),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }
}
