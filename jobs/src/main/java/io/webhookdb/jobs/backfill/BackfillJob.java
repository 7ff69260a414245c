package io.webhookdb.jobs.backfill;

import io.webhookdb.connectors.backfill.BackfillOperatorFactory;
import io.webhookdb.connectors.kafka.EventRecordSchema;
import io.webhookdb.connectors.kafka.IncomingEvent;
import io.webhookdb.connectors.keyset.KeysetReports;
import io.webhookdb.jobs.plumbing.JobArguments;
import io.webhookdb.jobs.plumbing.JobEnvironment;
import io.webhookdb.jobs.plumbing.JobTopics;
import io.webhookdb.schemas.Topics;
import io.webhookdb.schemas.fetch.FetchOrder;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * What vendors' APIs list into the log, in the form of webhooks.
 *
 * <pre>
 *  fetches.v1 ──(integration)────▶╮
 *  control.v1 ──(broadcast)──▶ accounts ──▶ events.backfill.v1
 *                              ▲   ▲    ╲
 *       vendors' APIs ─────────┘   │     ▶ status.v1
 *       rows to fan out over ──────┘
 * </pre>
 *
 * <p>At least once: a restart fetches the pages since the last checkpoint again. The control topic
 * is read from its beginning by a job without state; orders that had ended by then are marked so.
 */
public final class BackfillJob {
    private BackfillJob() {}

    /**
     * Runs the job.
     *
     * <p>Reads {@code WEBHOOKDB_KAFKA_BOOTSTRAP} and {@code WEBHOOKDB_KEYSETS}, or the same as
     * first and second argument, {@code WEBHOOKDB_OUTBOUND_ALLOW}, and {@code
     * WEBHOOKDB_API_BASE_<VENDOR>}.
     */
    public static void main(String[] arguments) throws Exception {
        JobArguments given = JobArguments.of(arguments);
        BackfillJobSettings settings = BackfillJobSettings.of(given.kafka(), given.keysets());
        StreamExecutionEnvironment env = JobEnvironment.production();
        build(
                env,
                settings.withBackfill(
                        settings.backfill()
                                .withEnvironment(given.environment())
                                .withOutboundAllow(given.outboundAllow())));
        env.execute("webhookdb-backfill");
    }

    /** Adds the job to an environment. */
    public static void build(StreamExecutionEnvironment env, BackfillJobSettings settings) {
        // Subtasks must agree on control at every barrier: each takes its own accounts' orders.
        JobEnvironment.fixAligned(env, settings.checkpointInterval());
        // Its state is small, and what came since the last checkpoint is asked for again.
        env.getCheckpointConfig()
                .setCheckpointInterval(
                        Math.min(
                                env.getCheckpointConfig().getCheckpointInterval(),
                                settings.checkpointInterval().toMillis()));
        JobTopics topics = new JobTopics(settings.kafka(), settings.groupId());
        DataStream<byte[]> control = topics.control(env, OperatorIds.CONTROL);
        SingleOutputStreamOperator<IncomingEvent> accounts =
                topics.resumed(env, Topics.FETCHES, new FetchDeserializer(), OperatorIds.FETCHES)
                        .keyBy(json -> FetchOrder.decode(json).integration(), Types.STRING)
                        .connect(control.broadcast())
                        .transform(
                                "accounts",
                                IncomingEvent.TYPE,
                                new BackfillOperatorFactory(
                                        settings.backfill(), settings.keysets()))
                        .uid(OperatorIds.ACCOUNTS);
        accounts.sinkTo(topics.sink(new EventRecordSchema(Topics.BACKFILL_EVENTS), JobTopics.SOON))
                .name("events")
                .uid(OperatorIds.EVENTS);
        accounts.getSideOutput(BackfillOperatorFactory.STATUS)
                .sinkTo(topics.sink(Topics.STATUS, JobTopics.SOON))
                .name("status")
                .uid(OperatorIds.STATUS);
        new KeysetReports(
                        "backfill",
                        settings.kafka(),
                        settings.keysets(),
                        OperatorIds.KEYSETS,
                        OperatorIds.KEYSETS_STATUS)
                .addTo(control);
    }
}
