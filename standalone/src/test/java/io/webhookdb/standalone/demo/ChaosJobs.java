package io.webhookdb.standalone.demo;

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
import java.util.List;

/**
 * Flink with some jobs as a process of its own, to be killed: {@code ChaosJobs FOLDER KAFKA KEYSETS
 * JOB...}. Started again it goes on from the newest checkpoint.
 */
final class ChaosJobs {
    private static final String LOOPBACK = "127.0.0.0/8";
    private static final String RETRIES = "1s,1s,2s,2s,4s,4s,8s,8s,15s,15s,30s,30s,60s,60s";

    private ChaosJobs() {}

    public static void main(String[] arguments) {
        List<String> words = List.of(arguments);
        KafkaAccess kafka = KafkaAccess.of(words.get(1), System.getenv());
        String keysets = words.get(2);
        LocalFlink flink = LocalFlink.start(Path.of(words.get(0)), 0);
        for (String job : words.subList(3, words.size())) {
            flink.submit(
                    job,
                    2,
                    env -> {
                        switch (job) {
                            case "replication" ->
                                    ReplicationJob.build(
                                            env,
                                            ReplicationJobSettings.of(kafka, keysets)
                                                    .withOutboundAllow(LOOPBACK));
                            case "delivery" ->
                                    DeliveryJob.build(
                                            env,
                                            DeliveryJobSettings.of(
                                                    kafka,
                                                    WebhookSettings.of(
                                                            keysets, RETRIES, LOOPBACK)));
                            case "sync" ->
                                    SyncJob.build(
                                            env,
                                            SyncJobSettings.of(kafka, keysets)
                                                    .withOutboundAllow(LOOPBACK));
                            case "backfill" ->
                                    BackfillJob.build(
                                            env,
                                            BackfillJobSettings.of(kafka, keysets)
                                                    .withBackfill(
                                                            BackfillSettings.DEFAULT
                                                                    .withEnvironment(
                                                                            System.getenv())
                                                                    .withOutboundAllow(LOOPBACK)));
                            default ->
                                    throw new IllegalArgumentException(
                                            "Job \""
                                                    + job
                                                    + "\", allowed are replication, delivery,"
                                                    + " sync, backfill");
                        }
                    });
        }
        System.out.println("jobs started: " + words.subList(3, words.size()));
    }
}
