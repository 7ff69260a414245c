package io.webhookdb.controlplane.provisioner.reading;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores records and their offsets in one transaction. If a batch holds something that cannot be
 * stored, its records are stored one by one, and that one is skipped.
 */
final class BatchStore {
    private static final Logger LOG = LoggerFactory.getLogger(BatchStore.class);

    private final String topic;
    private final Jdbi jdbi;
    private final RecordHandler handler;
    private final ReaderProgress progress;
    private final Map<Integer, Long> next = new HashMap<>();

    BatchStore(String topic, Jdbi jdbi, RecordHandler handler, ReaderProgress progress) {
        this.topic = topic;
        this.jdbi = jdbi;
        this.handler = handler;
        this.progress = progress;
    }

    /**
     * Where each partition was left, from the database.
     *
     * @param log Kafka's id of the topic: of another log nothing was read yet
     */
    Map<Integer, Long> load(String log) {
        next.clear();
        if (jdbi.inTransaction(handle -> ReadOffsets.areOf(handle, topic, log))) {
            LOG.warn("{} was made anew; it is read from its beginning", topic);
        }
        next.putAll(jdbi.withHandle(handle -> ReadOffsets.of(handle, topic)));
        return Map.copyOf(next);
    }

    /** Begins a partition anew whose log ends before the place where it was left. */
    void forget(int partition) {
        long left = next.getOrDefault(partition, ReadOffsets.NONE);
        jdbi.useHandle(handle -> ReadOffsets.forget(handle, topic, partition, left));
        next.remove(partition);
    }

    /**
     * Stores or skips each record.
     *
     * @throws RuntimeException if the database is in trouble; what is not stored may be stored by a
     *     repetition
     */
    void store(List<ConsumerRecord<byte[], byte[]>> records) {
        List<ConsumerRecord<byte[], byte[]>> left =
                records.stream().filter(record -> record.offset() >= at(record)).toList();
        if (left.isEmpty()) {
            return;
        }
        try {
            transaction(left, handler);
        } catch (ReadOffsets.OvertakenException e) {
            throw e;
        } catch (RuntimeException e) {
            if (StoreFailure.of(e) == StoreFailure.TRANSIENT) {
                throw e;
            }
            if (left.size() == 1) {
                skip(left.get(0), e);
            } else {
                left.forEach(record -> store(List.of(record)));
            }
        }
    }

    private void skip(ConsumerRecord<byte[], byte[]> record, RuntimeException failure) {
        transaction(List.of(record), (none, handle) -> {});
        progress.oneSkipped();
        LOG.error(
                "Skipped the record of {}, partition {}, offset {}: it cannot be stored: {}",
                topic,
                record.partition(),
                record.offset(),
                failure.getCause() instanceof SQLException sql
                        ? sql.toString()
                        : failure.toString());
        LOG.debug("Why it cannot be stored", failure);
    }

    private void transaction(List<ConsumerRecord<byte[], byte[]>> records, RecordHandler with) {
        Map<Integer, Long> ends = new HashMap<>();
        records.forEach(record -> ends.merge(record.partition(), record.offset() + 1, Math::max));
        jdbi.useTransaction(
                handle -> {
                    // First, because the rows' locks keep a second reader out.
                    ends.keySet().stream()
                            .sorted()
                            .forEach(
                                    partition ->
                                            ReadOffsets.advance(
                                                    handle,
                                                    topic,
                                                    partition,
                                                    next.getOrDefault(partition, ReadOffsets.NONE),
                                                    ends.get(partition)));
                    with.store(records, handle);
                });
        next.putAll(ends);
    }

    private long at(ConsumerRecord<byte[], byte[]> record) {
        return next.getOrDefault(record.partition(), ReadOffsets.NONE);
    }
}
