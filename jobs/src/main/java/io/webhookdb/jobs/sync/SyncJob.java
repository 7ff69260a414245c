package io.webhookdb.jobs.sync;

import io.webhookdb.connectors.control.BroadcastControl;
import io.webhookdb.connectors.kafka.DeadLetters;
import io.webhookdb.connectors.kafka.OutgoingRecord;
import io.webhookdb.connectors.keyset.KeysetReports;
import io.webhookdb.connectors.sync.RouteChanges;
import io.webhookdb.connectors.sync.SyncInput;
import io.webhookdb.connectors.sync.SyncOperatorFactory;
import io.webhookdb.jobs.plumbing.ChangeDeserializer;
import io.webhookdb.jobs.plumbing.JobArguments;
import io.webhookdb.jobs.plumbing.JobEnvironment;
import io.webhookdb.jobs.plumbing.JobTopics;
import io.webhookdb.schemas.Topics;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Committed changes to sync targets.
 *
 * <pre>
 *  changes.v1 ─────────────▶ route ──(target, shard)──▶ targets ──▶ HTTP receivers, Postgres
 *                              ▲                        ▲  ▲  ╲
 *  control.v1 ──(broadcast)────┴────────────────────────┘  │   ▶ dead-letters.v1
 *                                 existing rows ───────────┘
 *                        (read from the organizations' databases)
 * </pre>
 *
 * <p>At least once: a restart repeats pages. A job without state needs no old changes, since every
 * target then begins with the rows its table has; it reads changes from a little before its start,
 * so that none falls between.
 */
public final class SyncJob {
    private SyncJob() {}

    /**
     * Runs the job.
     *
     * <p>Reads {@code WEBHOOKDB_KAFKA_BOOTSTRAP} and {@code WEBHOOKDB_KEYSETS}, or the same as
     * first and second argument, and {@code WEBHOOKDB_OUTBOUND_ALLOW}.
     */
    public static void main(String[] arguments) throws Exception {
        JobArguments given = JobArguments.of(arguments);
        StreamExecutionEnvironment env = JobEnvironment.production();
        build(
                env,
                SyncJobSettings.of(given.kafka(), given.keysets())
                        .withOutboundAllow(given.outboundAllow()));
        env.execute("webhookdb-sync");
    }

    /** Adds the job to an environment. */
    public static void build(StreamExecutionEnvironment env, SyncJobSettings settings) {
        // Routers must agree on the targets at every barrier, see RouteChanges.
        JobEnvironment.fixAligned(env, settings.checkpointInterval());
        JobTopics topics = new JobTopics(settings.kafka(), settings.groupId());
        DataStream<byte[]> control = topics.control(env, OperatorIds.CONTROL);
        SingleOutputStreamOperator<OutgoingRecord> targets =
                topics.recent(
                                env,
                                Topics.CHANGES,
                                settings.overlap(),
                                new ChangeDeserializer(),
                                OperatorIds.CHANGES)
                        .connect(control.broadcast(BroadcastControl.STATE))
                        .process(new RouteChanges(settings.sync().shards()), SyncInput.TYPE)
                        .name("route")
                        .uid(OperatorIds.ROUTE)
                        .keyBy(SyncInput::lane, Types.STRING)
                        .connect(control.broadcast())
                        .transform(
                                "targets",
                                OutgoingRecord.TYPE,
                                new SyncOperatorFactory(settings.sync(), settings.keysets()))
                        .uid(OperatorIds.TARGETS);
        targets.getSideOutput(DeadLetters.TAG)
                .sinkTo(topics.sink(Topics.DEAD_LETTERS, JobTopics.SOON))
                .name("dead letters")
                .uid(OperatorIds.DEAD_LETTERS);
        targets.getSideOutput(SyncOperatorFactory.STATUS)
                .sinkTo(topics.sink(Topics.STATUS, JobTopics.SOON))
                .name("status")
                .uid(OperatorIds.STATUS);
        new KeysetReports(
                        "sync",
                        settings.kafka(),
                        settings.keysets(),
                        OperatorIds.KEYSETS,
                        OperatorIds.KEYSETS_STATUS)
                .addTo(control);
    }
}
