package io.webhookdb.jobs.replication;

import io.webhookdb.connectors.control.BroadcastControl;
import io.webhookdb.connectors.control.ControlBootstrap;
import io.webhookdb.connectors.control.KafkaControlBootstrap;
import io.webhookdb.connectors.kafka.DeadLetters;
import io.webhookdb.connectors.kafka.EventDeserializer;
import io.webhookdb.connectors.kafka.IncomingEvent;
import io.webhookdb.connectors.kafka.OutgoingRecord;
import io.webhookdb.connectors.keyset.KeysetReports;
import io.webhookdb.connectors.replica.LaneKey;
import io.webhookdb.connectors.replica.ReplicaWriterFactory;
import io.webhookdb.connectors.replica.SourcedRow;
import io.webhookdb.connectors.status.IntegrationReports;
import io.webhookdb.jobs.plumbing.JobArguments;
import io.webhookdb.jobs.plumbing.JobEnvironment;
import io.webhookdb.jobs.plumbing.JobTopics;
import io.webhookdb.schemas.Topics;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.streaming.api.datastream.AsyncDataStream;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamUtils;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Events to rows in the organizations' databases, and committed changes back to Kafka.
 *
 * <pre>
 *  events.v1 ──────────┐
 *  events.backfill.v1 ─┴▶ translate ──────────────┬▶ latest wins ─▶ replica writer ─▶ changes.v1
 *                          │  ▲  ╲                │   (per row)        ▲    ╲
 *                          │  │   ╲ unknown       │                    │     ╲
 *                          │  │    ▼              │                    │      ▼
 *  control.v1 ─(broadcast)─┼──┴──▶ hold unknown ──┘                    │   dead-letters.v1
 *             ─────────────┼───────────┼───────────────────────────────┘      ▲
 *                          └───────────┴──────────────────────────────────────┘
 * </pre>
 *
 * <p>The four operators count per integration and minute what they do, to status.v1. At every
 * checkpoint the writer says what it has not settled, and <em>keep floor</em> stores in Kafka from
 * where a job that lost its state has to read again.
 *
 * <p>Rows are keyed by {@link LaneKey}. Latest wins and the replica writer share that key, so rows
 * go from one to the other within a subtask. The writer emits a change only after its commit, and
 * the sinks are at least once: a crash repeats changes under the same ids.
 */
public final class ReplicationJob {
    private ReplicationJob() {}

    /**
     * Runs the job.
     *
     * <p>Reads {@code WEBHOOKDB_KAFKA_BOOTSTRAP} and {@code WEBHOOKDB_KEYSETS}, or the same as
     * first and second argument.
     */
    public static void main(String[] arguments) throws Exception {
        JobArguments given = JobArguments.of(arguments);
        StreamExecutionEnvironment env = JobEnvironment.production();
        build(
                env,
                ReplicationJobSettings.of(given.kafka(), given.keysets())
                        .withOutboundAllow(given.outboundAllow()));
        env.execute("webhookdb-replication");
    }

    /** Adds the job to an environment. */
    public static void build(StreamExecutionEnvironment env, ReplicationJobSettings settings) {
        JobEnvironment.fix(env, settings.checkpointInterval());
        JobTopics topics = new JobTopics(settings.kafka(), settings.groupId());
        ControlBootstrap bootstrap =
                new KafkaControlBootstrap(settings.kafka(), settings.controlLimit());
        DataStream<byte[]> control = topics.control(env, OperatorIds.CONTROL);

        UnsettledOffsets start = new UnsettledOffsets(settings.floor());
        DataStream<IncomingEvent> events =
                topics.from(env, Topics.EVENTS, start, new EventDeserializer(), OperatorIds.EVENTS)
                        .setBufferTimeout(JobEnvironment.QUICK_MILLIS)
                        .union(
                                topics.from(
                                        env,
                                        Topics.BACKFILL_EVENTS,
                                        start,
                                        new EventDeserializer(),
                                        OperatorIds.BACKFILL_EVENTS));
        SingleOutputStreamOperator<SourcedRow> translated =
                events.connect(control.broadcast())
                        .transform("translate", SourcedRow.TYPE, new TranslateOperator(bootstrap))
                        .uid(OperatorIds.TRANSLATE)
                        .setBufferTimeout(JobEnvironment.QUICK_MILLIS);
        SingleOutputStreamOperator<SourcedRow> released =
                translated
                        .getSideOutput(TranslateEvents.UNKNOWN)
                        .keyBy(incoming -> incoming.event().integration(), Types.STRING)
                        .connect(control.broadcast(BroadcastControl.STATE))
                        .process(
                                new HoldUnknown(settings.hold(), settings.mostHeld()),
                                SourcedRow.TYPE)
                        .name("hold unknown")
                        .uid(OperatorIds.HOLD);

        KeySelector<SourcedRow, String> lane = laneOf(settings.shards());
        SingleOutputStreamOperator<SourcedRow> latest =
                translated
                        .union(released)
                        .keyBy(lane, Types.STRING)
                        .process(new LatestWins(settings.memory()), SourcedRow.TYPE)
                        .name("latest wins")
                        .uid(OperatorIds.LATEST_WINS);
        AsyncDataStream.unorderedWait(
                        latest.getSideOutput(LatestWins.RECALLS),
                        new RecallEvents(settings.kafka()),
                        RecallEvents.LIMIT.toMillis(),
                        TimeUnit.MILLISECONDS,
                        RecallEvents.MOST_WAITING)
                .returns(Types.VOID)
                .setParallelism(1)
                .name("recall")
                .uid(OperatorIds.RECALL);
        SingleOutputStreamOperator<OutgoingRecord> changes =
                DataStreamUtils.reinterpretAsKeyedStream(latest, lane, Types.STRING)
                        .connect(control.broadcast())
                        .transform(
                                "replica writer",
                                OutgoingRecord.TYPE,
                                new ReplicaWriterFactory(
                                        settings.writer(),
                                        bootstrap,
                                        settings.keysets(),
                                        settings.outboundAllow()))
                        .uid(OperatorIds.REPLICA_WRITER);

        changes.sinkTo(topics.sink(Topics.CHANGES, JobTopics.SOON))
                .name("changes")
                .uid(OperatorIds.CHANGES);
        translated
                .getSideOutput(DeadLetters.TAG)
                .union(
                        released.getSideOutput(DeadLetters.TAG),
                        changes.getSideOutput(DeadLetters.TAG))
                .sinkTo(topics.sink(Topics.DEAD_LETTERS, JobTopics.SOON))
                .name("dead letters")
                .uid(OperatorIds.DEAD_LETTERS);
        translated
                .getSideOutput(TranslateEvents.FETCHES)
                .union(released.getSideOutput(TranslateEvents.FETCHES))
                .sinkTo(topics.sink(Topics.FETCHES, JobTopics.SOON))
                .name("fetches")
                .uid(OperatorIds.FETCHES);
        translated
                .getSideOutput(IntegrationReports.TAG)
                .union(
                        released.getSideOutput(IntegrationReports.TAG),
                        latest.getSideOutput(IntegrationReports.TAG),
                        changes.getSideOutput(IntegrationReports.TAG),
                        changes.getSideOutput(ReplicaWriterFactory.epochs()))
                .sinkTo(topics.sink(Topics.STATUS, JobTopics.SOON))
                .name("status")
                .uid(OperatorIds.STATUS);
        changes.getSideOutput(ReplicaWriterFactory.unsettled())
                .process(
                        new KeepFloor(
                                settings.floor(),
                                List.of(Topics.EVENTS, Topics.BACKFILL_EVENTS),
                                settings.hold().multipliedBy(2)),
                        Types.VOID)
                .setParallelism(1)
                .name("keep floor")
                .uid(OperatorIds.FLOOR);
        new KeysetReports(
                        "replication",
                        settings.kafka(),
                        settings.keysets(),
                        OperatorIds.KEYSETS,
                        OperatorIds.KEYSETS_STATUS)
                .addTo(control);
    }

    private static KeySelector<SourcedRow, String> laneOf(int shards) {
        return row -> LaneKey.text(row.update(), shards);
    }
}
