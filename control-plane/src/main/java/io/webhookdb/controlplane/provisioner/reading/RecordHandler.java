package io.webhookdb.controlplane.provisioner.reading;

import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jdbi.v3.core.Handle;

/** Stores what records say. */
public interface RecordHandler {
    /**
     * Stores records of one topic, in the order of each partition, in a transaction that also
     * remembers that they were read. May be called again with some of them after it failed.
     *
     * @throws RuntimeException if they cannot be stored; the cause tells {@link StoreFailure}
     */
    void store(List<ConsumerRecord<byte[], byte[]>> records, Handle transaction);
}
