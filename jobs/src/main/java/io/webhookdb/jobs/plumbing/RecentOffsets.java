package io.webhookdb.jobs.plumbing;

import java.util.Collection;
import java.util.Map;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;

/**
 * Where a job begins that has no state: at a time. One that has some, of a log that is no more or
 * does not reach back that far, goes on at the beginning of what there is. Flink's own goes on at
 * the end and leaves out what came meanwhile.
 *
 * @param startMillis milliseconds since the epoch
 */
@SuppressWarnings("deprecation") // Kafka's enum, which the connector still asks for.
record RecentOffsets(long startMillis) implements OffsetsInitializer {

    @Override
    public Map<TopicPartition, Long> getPartitionOffsets(
            Collection<TopicPartition> partitions, PartitionOffsetsRetriever retriever) {
        return OffsetsInitializer.timestamp(startMillis).getPartitionOffsets(partitions, retriever);
    }

    @Override
    public OffsetResetStrategy getAutoOffsetResetStrategy() {
        return OffsetResetStrategy.EARLIEST;
    }
}
