package io.webhookdb.jobs.replication;

import io.webhookdb.security.kafka.KafkaAccess;
import java.io.Serializable;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Up to where the log may be forgotten: the offsets, per partition, before which every event is
 * settled. A job that lost its state has read further than that, and so has to begin there.
 *
 * <p>Kept in Kafka as the offsets of a consumer group of its own without members, {@code
 * <group>-parked}; its lag is what is read again after a loss of state.
 *
 * @param kafka where the log is
 * @param groupId the job's group
 */
record Floor(KafkaAccess kafka, String groupId) implements Serializable {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** Name of the group that holds the offsets. */
    String parkedGroup() {
        return groupId + "-parked";
    }

    /** A client for {@link #raise}, for as long as the caller keeps it. */
    Admin client() {
        return Admin.create(
                kafka.client(
                        Map.of(
                                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                                Math.toIntExact(LIMIT.toMillis()))));
    }

    /**
     * Stores where the events received at that time or later begin. Events get their place in Kafka
     * after they are received, never before.
     *
     * @param receivedAtMillis milliseconds since the epoch
     * @throws IllegalStateException if Kafka does not take it in time
     */
    void raise(Admin admin, Collection<String> topics, long receivedAtMillis) {
        try {
            Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
            Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
            for (TopicDescription topic :
                    within(admin.describeTopics(topics).allTopicNames()).values()) {
                topic.partitions()
                        .forEach(
                                partition ->
                                        asked.put(
                                                new TopicPartition(
                                                        topic.name(), partition.partition()),
                                                OffsetSpec.forTimestamp(receivedAtMillis)));
            }
            Map<TopicPartition, ListOffsetsResultInfo> found =
                    within(admin.listOffsets(asked).all());
            // Where nothing is that young the end will do: what comes now has not been read.
            Map<TopicPartition, OffsetSpec> ends =
                    found.entrySet().stream()
                            .filter(entry -> entry.getValue().offset() < 0)
                            .collect(Collectors.toMap(Map.Entry::getKey, e -> OffsetSpec.latest()));
            Map<TopicPartition, ListOffsetsResultInfo> all = new HashMap<>(found);
            all.putAll(within(admin.listOffsets(ends).all()));
            all.forEach(
                    (partition, info) ->
                            offsets.put(partition, new OffsetAndMetadata(info.offset())));
            within(admin.alterConsumerGroupOffsets(parkedGroup(), offsets).all());
        } catch (ExecutionException | TimeoutException e) {
            throw failed(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(e);
        }
    }

    /** What {@link #raise} stored; empty if nothing. */
    Map<TopicPartition, Long> read() {
        try (Admin admin = client()) {
            return within(
                            admin.listConsumerGroupOffsets(parkedGroup())
                                    .partitionsToOffsetAndMetadata())
                    .entrySet()
                    .stream()
                    .filter(entry -> entry.getValue() != null)
                    .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().offset()));
        } catch (ExecutionException | TimeoutException e) {
            throw failed(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(e);
        }
    }

    private static <T> T within(org.apache.kafka.common.KafkaFuture<T> future)
            throws ExecutionException, InterruptedException, TimeoutException {
        return future.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private IllegalStateException failed(Exception cause) {
        return new IllegalStateException(
                "The offsets of group "
                        + parkedGroup()
                        + " could not be read or written within "
                        + LIMIT
                        + ".",
                cause);
    }
}
