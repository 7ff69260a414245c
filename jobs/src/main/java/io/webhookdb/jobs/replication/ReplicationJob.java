package io.webhookdb.jobs.replication;

import io.webhookdb.connectors.control.BroadcastControl;
import io.webhookdb.connectors.control.ControlBootstrap;
import io.webhookdb.connectors.control.ControlDeserializer;
import io.webhookdb.connectors.control.KafkaControlBootstrap;
import io.webhookdb.connectors.kafka.DeadLetters;
import io.webhookdb.connectors.kafka.EventDeserializer;
import io.webhookdb.connectors.kafka.IncomingEvent;
import io.webhookdb.connectors.kafka.OutgoingRecord;
import io.webhookdb.connectors.kafka.OutgoingRecordSchema;
import io.webhookdb.connectors.keyset.KeysetReports;
import io.webhookdb.connectors.replica.LaneKey;
import io.webhookdb.connectors.replica.ReplicaWriterFactory;
import io.webhookdb.connectors.replica.SourcedRow;
import io.webhookdb.connectors.status.IntegrationReports;
import io.webhookdb.schemas.Topics;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
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
    /**
     * Key groups, that is the largest parallelism there can ever be: state cannot move to another
     * number. 128 subtasks are far more than one deployment's Kafka and databases keep busy, and
     * few enough that a small deployment does not pay for empty groups.
     */
    static final int MAX_PARALLELISM = 128;

    /** Longest wait of a record for others at a shuffle; Flink's own default alone is 100 ms. */
    private static final Duration BUFFER_TIMEOUT = Duration.ofMillis(5);

    private ReplicationJob() {}

    /**
     * Runs the job.
     *
     * <p>Reads {@code WEBHOOKDB_KAFKA_BOOTSTRAP} and {@code WEBHOOKDB_KEYSETS}, or the same as
     * first and second argument.
     */
    public static void main(String[] arguments) throws Exception {
        ReplicationJobSettings settings =
                ReplicationJobSettings.of(
                                setting(arguments, 0, "WEBHOOKDB_KAFKA_BOOTSTRAP"),
                                setting(arguments, 1, "WEBHOOKDB_KEYSETS"))
                        .withOutboundAllow(
                                System.getenv().getOrDefault("WEBHOOKDB_OUTBOUND_ALLOW", ""));
        Configuration defaults = new Configuration();
        defaults.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        defaults.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        defaults.set(
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(defaults);
        build(env, settings);
        env.execute("webhookdb-replication");
    }

    private static String setting(String[] arguments, int place, String variable) {
        String value = arguments.length > place ? arguments[place] : System.getenv(variable);
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException(
                    variable + " is not set, and there is no argument " + (place + 1) + ".");
        }
        return value;
    }

    /** Adds the job to an environment. */
    public static void build(StreamExecutionEnvironment env, ReplicationJobSettings settings) {
        configure(env, settings);
        ControlBootstrap bootstrap =
                new KafkaControlBootstrap(settings.bootstrapServers(), settings.controlLimit());
        DataStream<byte[]> control = control(env, settings);

        DataStream<IncomingEvent> events =
                events(env, settings, Topics.EVENTS, OperatorIds.EVENTS)
                        .union(
                                events(
                                        env,
                                        settings,
                                        Topics.BACKFILL_EVENTS,
                                        OperatorIds.BACKFILL_EVENTS));
        SingleOutputStreamOperator<SourcedRow> translated =
                events.connect(control.broadcast())
                        .transform("translate", SourcedRow.TYPE, new TranslateOperator(bootstrap))
                        .uid(OperatorIds.TRANSLATE);
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

        changes.sinkTo(sink(settings, Topics.CHANGES)).name("changes").uid(OperatorIds.CHANGES);
        translated
                .getSideOutput(DeadLetters.TAG)
                .union(
                        released.getSideOutput(DeadLetters.TAG),
                        changes.getSideOutput(DeadLetters.TAG))
                .sinkTo(sink(settings, Topics.DEAD_LETTERS))
                .name("dead letters")
                .uid(OperatorIds.DEAD_LETTERS);
        translated
                .getSideOutput(TranslateEvents.FETCHES)
                .union(released.getSideOutput(TranslateEvents.FETCHES))
                .sinkTo(sink(settings, Topics.FETCHES))
                .name("fetches")
                .uid(OperatorIds.FETCHES);
        translated
                .getSideOutput(IntegrationReports.TAG)
                .union(
                        released.getSideOutput(IntegrationReports.TAG),
                        latest.getSideOutput(IntegrationReports.TAG),
                        changes.getSideOutput(IntegrationReports.TAG),
                        changes.getSideOutput(ReplicaWriterFactory.epochs()))
                .sinkTo(sink(settings, Topics.STATUS))
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
                        settings.bootstrapServers(),
                        settings.keysets(),
                        OperatorIds.KEYSETS,
                        OperatorIds.KEYSETS_STATUS)
                .addTo(control);
    }

    private static void configure(StreamExecutionEnvironment env, ReplicationJobSettings settings) {
        Configuration fixed = new Configuration();
        fixed.set(PipelineOptions.GENERIC_TYPES, false);
        // An operator without an id of ours would lose its state with the next change of the graph.
        fixed.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
        fixed.set(PipelineOptions.MAX_PARALLELISM, MAX_PARALLELISM);
        fixed.set(ExecutionOptions.BUFFER_TIMEOUT, BUFFER_TIMEOUT);
        env.configure(fixed);
        if (!env.getCheckpointConfig().isCheckpointingEnabled()) {
            env.enableCheckpointing(settings.checkpointInterval().toMillis());
        }
    }

    private static KeySelector<SourcedRow, String> laneOf(int shards) {
        return row -> LaneKey.text(row.update(), shards);
    }

    private static DataStream<IncomingEvent> events(
            StreamExecutionEnvironment env,
            ReplicationJobSettings settings,
            String topic,
            String id) {
        KafkaSource<IncomingEvent> source =
                KafkaSource.<IncomingEvent>builder()
                        .setBootstrapServers(settings.bootstrapServers())
                        .setTopics(topic)
                        .setGroupId(settings.groupId())
                        .setStartingOffsets(new UnsettledOffsets(settings.floor()))
                        .setDeserializer(new EventDeserializer())
                        .setClientIdPrefix(id)
                        .setProperty("partition.discovery.interval.ms", "60000")
                        .build();
        return env.fromSource(source, WatermarkStrategy.noWatermarks(), topic, IncomingEvent.TYPE)
                .uid(id);
    }

    private static DataStream<byte[]> control(
            StreamExecutionEnvironment env, ReplicationJobSettings settings) {
        KafkaSource<byte[]> source =
                KafkaSource.<byte[]>builder()
                        .setBootstrapServers(settings.bootstrapServers())
                        .setTopics(Topics.CONTROL)
                        .setGroupId(settings.groupId() + "-control")
                        .setStartingOffsets(OffsetsInitializer.earliest())
                        .setDeserializer(new ControlDeserializer())
                        .setClientIdPrefix(OperatorIds.CONTROL)
                        .build();
        return env.fromSource(source, WatermarkStrategy.noWatermarks(), Topics.CONTROL)
                .uid(OperatorIds.CONTROL)
                .setParallelism(1);
    }

    private static KafkaSink<OutgoingRecord> sink(ReplicationJobSettings settings, String topic) {
        return KafkaSink.<OutgoingRecord>builder()
                .setBootstrapServers(settings.bootstrapServers())
                .setRecordSerializer(new OutgoingRecordSchema(topic))
                .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
                .setProperty("acks", "all")
                .setProperty("compression.type", "lz4")
                .setProperty("linger.ms", "5")
                .build();
    }
}
