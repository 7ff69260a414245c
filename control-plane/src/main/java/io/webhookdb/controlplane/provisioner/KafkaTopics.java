package io.webhookdb.controlplane.provisioner;

import io.webhookdb.schemas.Topics;
import io.webhookdb.security.kafka.KafkaAccess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Makes the topics there should be, and refuses to go on with ones that would lose records. */
public final class KafkaTopics {
    /** A body may have 5 MiB; four times that leaves room for headers and rows made of it. */
    static final int LARGE_RECORD = 4 * 5 * 1024 * 1024 + 1024 * 1024;

    static final Duration RETENTION = Duration.ofDays(30);

    private static final List<String> LARGE =
            List.of(Topics.EVENTS, Topics.BACKFILL_EVENTS, Topics.REJECTED, Topics.CHANGES);
    private static final List<String> SMALL =
            List.of(Topics.STATUS, Topics.FETCHES, Topics.DEAD_LETTERS);
    private static final Duration ANSWER = Duration.ofSeconds(20);

    private KafkaTopics() {}

    /**
     * Creates missing topics and brings the configuration of existing ones up to date.
     *
     * @throws IllegalStateException if Kafka does not answer, or an existing topic has fewer copies
     *     than the settings ask for, or control has more than one partition
     */
    public static void ensure(KafkaAccess kafka, TopicSettings settings) {
        Map<String, Object> configuration =
                kafka.client(
                        Map.of(
                                AdminClientConfig.CLIENT_ID_CONFIG,
                                "webhookdb-provisioner-topics",
                                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                                (int) ANSWER.toMillis(),
                                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                                (int) ANSWER.toMillis() / 2));
        try (Admin admin = Admin.create(configuration)) {
            List<NewTopic> wanted = wanted(settings);
            Set<String> existing = answer(admin.listTopics().names().toCompletionStage());
            create(
                    admin,
                    wanted.stream().filter(topic -> !existing.contains(topic.name())).toList());
            check(admin, wanted);
            configure(
                    admin,
                    wanted.stream().filter(topic -> existing.contains(topic.name())).toList());
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "Kafka at "
                            + kafka.bootstrapServers()
                            + (e.getCause() instanceof RetriableException
                                    ? " does not answer yet: "
                                    : " refused: ")
                            + e.getCause().getMessage(),
                    e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException(
                    "Kafka at "
                            + kafka.bootstrapServers()
                            + " did not answer within "
                            + ANSWER
                            + ".",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while topics were made", e);
        }
    }

    private static List<NewTopic> wanted(TopicSettings settings) {
        List<NewTopic> topics = new ArrayList<>();
        for (String name : LARGE) {
            topics.add(log(name, settings, LARGE_RECORD));
        }
        for (String name : SMALL) {
            topics.add(log(name, settings, 1024 * 1024));
        }
        topics.add(control(settings));
        return topics;
    }

    private static NewTopic log(String name, TopicSettings settings, int maxRecord) {
        Map<String, String> configuration = common(settings);
        configuration.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
        configuration.put(TopicConfig.RETENTION_MS_CONFIG, Long.toString(RETENTION.toMillis()));
        configuration.put(TopicConfig.RETENTION_BYTES_CONFIG, "-1");
        configuration.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(maxRecord));
        return new NewTopic(name, settings.partitions(), settings.replicationFactor())
                .configs(configuration);
    }

    /** Small, eagerly compacted segments: a new reader reads all of it before its first event. */
    private static NewTopic control(TopicSettings settings) {
        Map<String, String> configuration = common(settings);
        configuration.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
        configuration.put(TopicConfig.SEGMENT_BYTES_CONFIG, Integer.toString(4 * 1024 * 1024));
        configuration.put(
                TopicConfig.SEGMENT_MS_CONFIG, Long.toString(Duration.ofMinutes(10).toMillis()));
        configuration.put(TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG, "0.1");
        configuration.put(
                TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG,
                Long.toString(Duration.ofMinutes(30).toMillis()));
        configuration.put(
                TopicConfig.DELETE_RETENTION_MS_CONFIG, Long.toString(RETENTION.toMillis()));
        configuration.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(4 * 1024 * 1024));
        return new NewTopic(Topics.CONTROL, 1, settings.replicationFactor()).configs(configuration);
    }

    private static Map<String, String> common(TopicSettings settings) {
        Map<String, String> configuration = new HashMap<>();
        configuration.put(
                TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG,
                Short.toString(settings.minInsyncReplicas()));
        configuration.put(TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG, "false");
        return configuration;
    }

    private static void create(Admin admin, List<NewTopic> missing)
            throws ExecutionException, InterruptedException, TimeoutException {
        if (missing.isEmpty()) {
            return;
        }
        try {
            // A broker that has just started, or whose disk stalled, does not count for a moment.
            answer(
                    InvalidReplicationFactorException.class,
                    () -> admin.createTopics(missing).all().toCompletionStage());
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
            // Another process made it meanwhile; whether it fits is checked next.
        }
    }

    /** Asks again while the answer is that failure, until the limit. */
    private static <T> T answer(
            Class<? extends ApiException> passing, Supplier<CompletionStage<T>> question)
            throws ExecutionException, InterruptedException, TimeoutException {
        long limit = System.nanoTime() + ANSWER.toNanos();
        while (true) {
            try {
                return answer(question.get());
            } catch (ExecutionException e) {
                if (!passing.isInstance(e.getCause()) || System.nanoTime() > limit) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
    }

    private static void check(Admin admin, List<NewTopic> wanted)
            throws ExecutionException, InterruptedException, TimeoutException {
        List<String> names = wanted.stream().map(NewTopic::name).toList();
        // A broker may need a moment until it knows what was just created.
        Map<String, TopicDescription> found =
                answer(
                        UnknownTopicOrPartitionException.class,
                        () -> admin.describeTopics(names).allTopicNames().toCompletionStage());
        for (NewTopic topic : wanted) {
            TopicDescription description = found.get(topic.name());
            int copies = description.partitions().get(0).replicas().size();
            if (copies < topic.replicationFactor()) {
                throw new IllegalStateException(
                        "Topic "
                                + topic.name()
                                + " has replication factor "
                                + copies
                                + ", expected at least "
                                + topic.replicationFactor()
                                + ".");
            }
            int partitions = description.partitions().size();
            if (topic.name().equals(Topics.CONTROL) && partitions != 1) {
                throw new IllegalStateException(
                        "Topic "
                                + topic.name()
                                + " has "
                                + partitions
                                + " partitions, expected 1.");
            }
        }
    }

    private static void configure(Admin admin, List<NewTopic> existing)
            throws ExecutionException, InterruptedException, TimeoutException {
        if (existing.isEmpty()) {
            return;
        }
        Map<ConfigResource, java.util.Collection<AlterConfigOp>> changes =
                existing.stream()
                        .collect(
                                Collectors.toMap(
                                        topic ->
                                                new ConfigResource(
                                                        ConfigResource.Type.TOPIC, topic.name()),
                                        KafkaTopics::operations));
        answer(admin.incrementalAlterConfigs(changes).all().toCompletionStage());
    }

    private static java.util.Collection<AlterConfigOp> operations(NewTopic topic) {
        return topic.configs().entrySet().stream()
                .map(
                        entry ->
                                new AlterConfigOp(
                                        new ConfigEntry(entry.getKey(), entry.getValue()),
                                        AlterConfigOp.OpType.SET))
                .toList();
    }

    private static <T> T answer(java.util.concurrent.CompletionStage<T> stage)
            throws ExecutionException, InterruptedException, TimeoutException {
        return stage.toCompletableFuture().get(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
    }
}
