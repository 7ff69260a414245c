package io.webhookdb.jobs.sync;

import io.webhookdb.connectors.control.BroadcastControl;
import io.webhookdb.connectors.control.ControlDeserializer;
import io.webhookdb.connectors.kafka.DeadLetters;
import io.webhookdb.connectors.kafka.OutgoingRecord;
import io.webhookdb.connectors.kafka.OutgoingRecordSchema;
import io.webhookdb.connectors.keyset.KeysetReports;
import io.webhookdb.connectors.sync.RouteChanges;
import io.webhookdb.connectors.sync.SyncInput;
import io.webhookdb.connectors.sync.SyncOperatorFactory;
import io.webhookdb.schemas.Topics;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Committed changes to sync targets.
 *
 * <pre>
 *  changes.v1 ─────────────▶ route ──(target, shard)──▶ targets ──▶ HTTP receivers, Postgres
 *                              ▲                        ▲  ▲  ╲
 *  control.v1 ──(broadcast)────┴────────────────────────┘  │   ▶ dead-letters.v1, status.v1
 *                                 existing rows ───────────┘
 *                        (read from the organizations' databases)
 * </pre>
 *
 * <p>At least once: a restart repeats pages. A job without state needs no old changes, since every
 * target then begins with the rows its table has; it reads changes from a little before its start,
 * so that none falls between.
 */
public final class SyncJob {
    /** Key groups, that is the largest parallelism there can ever be. */
    static final int MAX_PARALLELISM = 128;

    private SyncJob() {}

    /**
     * Runs the job.
     *
     * <p>Reads {@code WEBHOOKDB_KAFKA_BOOTSTRAP} and {@code WEBHOOKDB_KEYSETS}, or the same as
     * first and second argument, and {@code WEBHOOKDB_OUTBOUND_ALLOW}.
     */
    public static void main(String[] arguments) throws Exception {
        String allowed = System.getenv("WEBHOOKDB_OUTBOUND_ALLOW");
        SyncJobSettings settings =
                SyncJobSettings.of(
                                setting(arguments, 0, "WEBHOOKDB_KAFKA_BOOTSTRAP"),
                                setting(arguments, 1, "WEBHOOKDB_KEYSETS"))
                        .withOutboundAllow(allowed == null ? "" : allowed);
        Configuration defaults = new Configuration();
        defaults.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        defaults.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        defaults.set(
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(defaults);
        build(env, settings);
        env.execute("webhookdb-sync");
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
    public static void build(StreamExecutionEnvironment env, SyncJobSettings settings) {
        configure(env, settings);
        DataStream<byte[]> control = control(env, settings);
        SingleOutputStreamOperator<OutgoingRecord> targets =
                changes(env, settings)
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
        targets.sinkTo(sink(settings, Topics.STATUS)).name("status").uid(OperatorIds.STATUS);
        targets.getSideOutput(DeadLetters.TAG)
                .sinkTo(sink(settings, Topics.DEAD_LETTERS))
                .name("dead letters")
                .uid(OperatorIds.DEAD_LETTERS);
        new KeysetReports(
                        "sync",
                        settings.bootstrapServers(),
                        settings.keysets(),
                        OperatorIds.KEYSETS,
                        OperatorIds.KEYSETS_STATUS)
                .addTo(control);
    }

    private static void configure(StreamExecutionEnvironment env, SyncJobSettings settings) {
        Configuration fixed = new Configuration();
        fixed.set(PipelineOptions.GENERIC_TYPES, false);
        fixed.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
        fixed.set(PipelineOptions.MAX_PARALLELISM, MAX_PARALLELISM);
        // Routers must agree on the targets at every barrier, see RouteChanges.
        fixed.set(CheckpointingOptions.ENABLE_UNALIGNED, false);
        env.configure(fixed);
        if (!env.getCheckpointConfig().isCheckpointingEnabled()) {
            env.enableCheckpointing(settings.checkpointInterval().toMillis());
        }
    }

    private static DataStream<byte[]> changes(
            StreamExecutionEnvironment env, SyncJobSettings settings) {
        KafkaSource<byte[]> source =
                KafkaSource.<byte[]>builder()
                        .setBootstrapServers(settings.bootstrapServers())
                        .setTopics(Topics.CHANGES)
                        .setGroupId(settings.groupId())
                        .setStartingOffsets(
                                OffsetsInitializer.timestamp(
                                        System.currentTimeMillis() - settings.overlap().toMillis()))
                        .setDeserializer(
                                KafkaRecordDeserializationSchema.valueOnly(new ChangeBytes()))
                        .setClientIdPrefix(OperatorIds.CHANGES)
                        .setProperty("partition.discovery.interval.ms", "60000")
                        .build();
        return env.fromSource(source, WatermarkStrategy.noWatermarks(), Topics.CHANGES)
                .uid(OperatorIds.CHANGES);
    }

    private static DataStream<byte[]> control(
            StreamExecutionEnvironment env, SyncJobSettings settings) {
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

    private static KafkaSink<OutgoingRecord> sink(SyncJobSettings settings, String topic) {
        return KafkaSink.<OutgoingRecord>builder()
                .setBootstrapServers(settings.bootstrapServers())
                .setRecordSerializer(new OutgoingRecordSchema(topic))
                .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
                .setProperty("acks", "all")
                .build();
    }
}
