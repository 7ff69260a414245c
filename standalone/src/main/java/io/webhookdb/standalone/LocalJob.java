package io.webhookdb.standalone;

import io.webhookdb.connectors.backfill.BackfillSettings;
import io.webhookdb.connectors.webhook.WebhookSettings;
import io.webhookdb.jobs.backfill.BackfillJob;
import io.webhookdb.jobs.backfill.BackfillJobSettings;
import io.webhookdb.jobs.delivery.DeliveryJob;
import io.webhookdb.jobs.delivery.DeliveryJobSettings;
import io.webhookdb.jobs.replication.ReplicationJob;
import io.webhookdb.jobs.replication.ReplicationJobSettings;
import io.webhookdb.jobs.sync.SyncJob;
import io.webhookdb.jobs.sync.SyncJobSettings;
import io.webhookdb.security.kafka.KafkaAccess;
import io.webhookdb.standalone.flink.LocalFlink;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * A job that runs in this process.
 *
 * @param name its checkpoints are found again by it
 * @param parallelism its subtasks
 * @param graph adds it to an environment, and to the log
 */
record LocalJob(
        String name, int parallelism, BiConsumer<StreamExecutionEnvironment, KafkaAccess> graph) {
    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
    private static final int PARALLELISM = 2;

    /** For jobs that wait more than they work: on one machine a second subtask only costs. */
    private static final int SINGLE = 1;

    /** All jobs of the product. */
    static List<LocalJob> all(StandaloneOptions options, Path keysetFolder) {
        String keysets = keysetFolder.toString();
        String allowed = options.outboundAllow;
        WebhookSettings webhooks =
                WebhookSettings.of(keysets, options.webhookRetrySchedule, allowed);
        BackfillSettings backfills =
                BackfillSettings.DEFAULT
                        .withEnvironment(System.getenv())
                        .withOutboundAllow(allowed);
        return List.of(
                new LocalJob(
                        "replication",
                        PARALLELISM,
                        (env, kafka) ->
                                ReplicationJob.build(
                                        env,
                                        ReplicationJobSettings.of(kafka, keysets)
                                                .withOutboundAllow(allowed))),
                new LocalJob(
                        "delivery",
                        PARALLELISM,
                        (env, kafka) ->
                                DeliveryJob.build(env, DeliveryJobSettings.of(kafka, webhooks))),
                new LocalJob(
                        "sync",
                        SINGLE,
                        (env, kafka) ->
                                SyncJob.build(
                                        env,
                                        SyncJobSettings.of(kafka, keysets)
                                                .withOutboundAllow(allowed))),
                new LocalJob(
                        "backfill",
                        SINGLE,
                        (env, kafka) ->
                                BackfillJob.build(
                                        env,
                                        BackfillJobSettings.of(kafka, keysets)
                                                .withBackfill(backfills))));
    }

    /** Begins to run it. */
    LocalFlink.RunningJob submit(LocalFlink flink, KafkaAccess kafka) {
        return flink.submit(name, parallelism, env -> graph.accept(env, kafka));
    }

    /** Returns once every task runs. */
    void await(LocalFlink.RunningJob running) {
        long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
        while (!running.isRunning()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "The "
                                + name
                                + " job does not run after "
                                + START_TIMEOUT.toSeconds()
                                + " s; the log says why.");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }
}
