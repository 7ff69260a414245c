package io.webhookdb.jobs.replication;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;

/**
 * Where a job without state begins: at the committed offsets, or before them where events were not
 * settled when the state was lost; at the beginning of what nobody has read.
 */
@SuppressWarnings("deprecation") // Kafka's enum, which the connector still asks for.
record UnsettledOffsets(Floor floor) implements OffsetsInitializer {

    @Override
    public Map<TopicPartition, Long> getPartitionOffsets(
            Collection<TopicPartition> partitions, PartitionOffsetsRetriever retriever) {
        Map<TopicPartition, Long> committed = retriever.committedOffsets(partitions);
        Map<TopicPartition, Long> floors = floor.read();
        Map<TopicPartition, Long> offsets = new HashMap<>();
        for (TopicPartition partition : partitions) {
            Long read = committed.get(partition);
            offsets.put(
                    partition,
                    read == null
                            ? KafkaPartitionSplit.EARLIEST_OFFSET
                            : Math.min(read, floors.getOrDefault(partition, read)));
        }
        return offsets;
    }

    @Override
    public OffsetResetStrategy getAutoOffsetResetStrategy() {
        return OffsetResetStrategy.EARLIEST;
    }
}
