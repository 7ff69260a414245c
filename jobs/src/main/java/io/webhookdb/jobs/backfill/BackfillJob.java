package io.webhookdb.jobs.backfill;

import io.webhookdb.connectors.backfill.BackfillOperatorFactory;
import io.webhookdb.connectors.control.ControlDeserializer;
import io.webhookdb.connectors.kafka.EventRecordSchema;
import io.webhookdb.connectors.kafka.IncomingEvent;
import io.webhookdb.connectors.kafka.OutgoingRecordSchema;
import io.webhookdb.schemas.Topics;
import io.webhookdb.schemas.fetch.FetchOrder;
import java.util.Map;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;

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
    /** Key groups, that is the largest parallelism there can ever be. */
    static final int MAX_PARALLELISM = 128;

    private BackfillJob() {}

    /**
     * Runs the job.
     *
     * <p>Reads {@code WEBHOOKDB_KAFKA_BOOTSTRAP} and {@code WEBHOOKDB_KEYSETS}, or the same as
     * first and second argument, {@code WEBHOOKDB_OUTBOUND_ALLOW}, and {@code
     * WEBHOOKDB_API_BASE_<VENDOR>}.
     */
    public static void main(String[] arguments) throws Exception {
        Map<String, String> environment = System.getenv();
        BackfillJobSettings settings =
                BackfillJobSettings.of(
                        setting(arguments, 0, "WEBHOOKDB_KAFKA_BOOTSTRAP"),
                        setting(arguments, 1, "WEBHOOKDB_KEYSETS"));
        Configuration defaults = new Configuration();
        defaults.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        defaults.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        defaults.set(
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(defaults);
        build(
                env,
                settings.withBackfill(
                        settings.backfill()
                                .withEnvironment(environment)
                                .withOutboundAllow(
                                        environment.getOrDefault("WEBHOOKDB_OUTBOUND_ALLOW", ""))));
        env.execute("webhookdb-backfill");
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
    public static void build(StreamExecutionEnvironment env, BackfillJobSettings settings) {
        configure(env, settings);
        DataStream<byte[]> control = control(env, settings);
        SingleOutputStreamOperator<IncomingEvent> accounts =
                fetches(env, settings)
                        .keyBy(json -> FetchOrder.decode(json).integration(), Types.STRING)
                        .connect(control.broadcast())
                        .transform(
                                "accounts",
                                IncomingEvent.TYPE,
                                new BackfillOperatorFactory(
                                        settings.backfill(), settings.keysets()))
                        .uid(OperatorIds.ACCOUNTS);
        accounts.sinkTo(sink(settings, new EventRecordSchema(Topics.BACKFILL_EVENTS)))
                .name("events")
                .uid(OperatorIds.EVENTS);
        accounts.getSideOutput(BackfillOperatorFactory.STATUS)
                .sinkTo(sink(settings, new OutgoingRecordSchema(Topics.STATUS)))
                .name("status")
                .uid(OperatorIds.STATUS);
    }

    private static void configure(StreamExecutionEnvironment env, BackfillJobSettings settings) {
        Configuration fixed = new Configuration();
        fixed.set(PipelineOptions.GENERIC_TYPES, false);
        fixed.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
        fixed.set(PipelineOptions.MAX_PARALLELISM, MAX_PARALLELISM);
        // Subtasks must agree on control at every barrier: each takes its own accounts' orders.
        fixed.set(CheckpointingOptions.ENABLE_UNALIGNED, false);
        env.configure(fixed);
        // Its state is small, and what came since the last checkpoint is asked for again.
        long interval = settings.checkpointInterval().toMillis();
        if (!env.getCheckpointConfig().isCheckpointingEnabled()
                || env.getCheckpointConfig().getCheckpointInterval() > interval) {
            env.enableCheckpointing(interval);
        }
    }

    @SuppressWarnings("deprecation") // Kafka's enum, which the connector still asks for.
    private static DataStream<byte[]> fetches(
            StreamExecutionEnvironment env, BackfillJobSettings settings) {
        KafkaSource<byte[]> source =
                KafkaSource.<byte[]>builder()
                        .setBootstrapServers(settings.bootstrapServers())
                        .setTopics(Topics.FETCHES)
                        .setGroupId(settings.groupId())
                        .setStartingOffsets(
                                OffsetsInitializer.committedOffsets(OffsetResetStrategy.EARLIEST))
                        .setDeserializer(new FetchDeserializer())
                        .setClientIdPrefix(OperatorIds.FETCHES)
                        .build();
        return env.fromSource(source, WatermarkStrategy.noWatermarks(), Topics.FETCHES)
                .uid(OperatorIds.FETCHES);
    }

    private static DataStream<byte[]> control(
            StreamExecutionEnvironment env, BackfillJobSettings settings) {
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

    private static <T> KafkaSink<T> sink(
            BackfillJobSettings settings, KafkaRecordSerializationSchema<T> schema) {
        return KafkaSink.<T>builder()
                .setBootstrapServers(settings.bootstrapServers())
                .setRecordSerializer(schema)
                .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
                .setProperty("acks", "all")
                .setProperty("compression.type", "lz4")
                .setProperty("linger.ms", "5")
                .build();
    }
}
