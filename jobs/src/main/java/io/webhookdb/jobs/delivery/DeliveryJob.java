package io.webhookdb.jobs.delivery;

import io.webhookdb.connectors.control.BroadcastControl;
import io.webhookdb.connectors.control.ControlBootstrap;
import io.webhookdb.connectors.control.ControlDeserializer;
import io.webhookdb.connectors.control.KafkaControlBootstrap;
import io.webhookdb.connectors.functions.UserFunctions;
import io.webhookdb.connectors.kafka.DeadLetters;
import io.webhookdb.connectors.kafka.OutgoingRecord;
import io.webhookdb.connectors.kafka.OutgoingRecordSchema;
import io.webhookdb.connectors.keyset.KeysetReports;
import io.webhookdb.connectors.statefun.FunctionHostFactory;
import io.webhookdb.connectors.statefun.FunctionHostSettings;
import io.webhookdb.connectors.statefun.FunctionMessage;
import io.webhookdb.connectors.webhook.WebhookModule;
import io.webhookdb.connectors.webhook.WebhookSettings;
import io.webhookdb.schemas.Topics;
import io.webhookdb.schemas.control.ControlCodec;
import io.webhookdb.schemas.control.RecoveryControl;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
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
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;

/**
 * Committed changes to webhook subscriptions.
 *
 * <pre>
 *  changes.v1 ──────────▶ route ──(subscription, change or row)──▶ webhooks ─▶ status.v1
 *                           ▲      ╱                                ▲  │ ╲
 *  changes.v1, a window ─▶ recover                                  │  │  ╲─▶ dead-letters.v1
 *                           ▲                                       │  ▼
 *  control.v1 ─(broadcast)──┴───────────────────────────────────────┘ subscribers (HTTP)
 * </pre>
 *
 * <p>Where a subscription names a function of its own, a change goes by way of {@code functions}.
 *
 * <p>A delivery is a StateFun function's: its retries are the function's delayed messages, in keyed
 * state like everything not yet settled. Deliveries and reports are at least once.
 */
public final class DeliveryJob {
    /** Key groups: state cannot move to another number. As many as the replication job has. */
    static final int MAX_PARALLELISM = 128;

    /** Shorter ones cost a tenth of a processor in flushes of next to nothing. */
    private static final Duration BUFFER_TIMEOUT = Duration.ofMillis(20);

    private DeliveryJob() {}

    /**
     * Runs the job.
     *
     * <p>Reads {@code WEBHOOKDB_KAFKA_BOOTSTRAP}, {@code WEBHOOKDB_KEYSETS}, {@code
     * WEBHOOKDB_WEBHOOK_RETRY_SCHEDULE} and {@code WEBHOOKDB_OUTBOUND_ALLOW}, or the same as
     * arguments in this order. The last two may be missing.
     */
    public static void main(String[] arguments) throws Exception {
        DeliveryJobSettings settings =
                DeliveryJobSettings.of(
                        required(arguments, 0, "WEBHOOKDB_KAFKA_BOOTSTRAP"),
                        WebhookSettings.of(
                                required(arguments, 1, "WEBHOOKDB_KEYSETS"),
                                setting(arguments, 2, "WEBHOOKDB_WEBHOOK_RETRY_SCHEDULE"),
                                setting(arguments, 3, "WEBHOOKDB_OUTBOUND_ALLOW")));
        Configuration defaults = new Configuration();
        defaults.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        defaults.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        defaults.set(
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(defaults);
        build(env, settings);
        env.execute("webhookdb-delivery");
    }

    private static String required(String[] arguments, int place, String variable) {
        String value = setting(arguments, place, variable);
        if (value.isBlank()) {
            throw new IllegalArgumentException(
                    variable + " is not set, and there is no argument " + (place + 1) + ".");
        }
        return value;
    }

    private static String setting(String[] arguments, int place, String variable) {
        String value = arguments.length > place ? arguments[place] : System.getenv(variable);
        return value == null ? "" : value;
    }

    /** Adds the job to an environment. */
    public static void build(StreamExecutionEnvironment env, DeliveryJobSettings settings) {
        configure(env, settings);
        ControlBootstrap bootstrap =
                new KafkaControlBootstrap(settings.bootstrapServers(), settings.controlLimit());
        DataStream<byte[]> control = control(env, settings);
        SingleOutputStreamOperator<FunctionMessage> messages =
                changes(env, settings)
                        .connect(control.broadcast(BroadcastControl.STATE))
                        .process(new RouteChanges(bootstrap), FunctionMessage.TYPE)
                        .name("route")
                        .uid(OperatorIds.ROUTE);
        SingleOutputStreamOperator<FunctionMessage> recovered =
                control.filter(DeliveryJob::isRecovery)
                        .name("recovery orders")
                        .uid(OperatorIds.RECOVERY_ORDERS)
                        .setParallelism(1)
                        .keyBy(json -> ControlCodec.decode(json).key(), Types.STRING)
                        .connect(control.broadcast(BroadcastControl.STATE))
                        .process(
                                new RecoverChanges(settings.bootstrapServers(), bootstrap),
                                FunctionMessage.TYPE)
                        .name("recover")
                        .uid(OperatorIds.RECOVER);
        SingleOutputStreamOperator<OutgoingRecord> results =
                functions(
                        forFunctions(messages, OperatorIds.FOR_FUNCTIONS)
                                .union(
                                        forFunctions(
                                                recovered, OperatorIds.RECOVERED_FOR_FUNCTIONS)),
                        control,
                        settings,
                        bootstrap);
        SingleOutputStreamOperator<OutgoingRecord> attempts =
                forWebhooks(messages, OperatorIds.FOR_WEBHOOKS)
                        .union(
                                forWebhooks(recovered, OperatorIds.RECOVERED_FOR_WEBHOOKS),
                                results.map(UserFunctions::delivery)
                                        .returns(FunctionMessage.TYPE)
                                        .name("function results")
                                        .uid(OperatorIds.FUNCTION_RESULTS))
                        .keyBy(FunctionMessage::address, Types.STRING)
                        .connect(control.broadcast())
                        .transform(
                                "webhooks",
                                OutgoingRecord.TYPE,
                                new FunctionHostFactory(
                                        new WebhookModule(settings.webhooks()),
                                        FunctionHostSettings.standard(List.of(Topics.STATUS)),
                                        bootstrap))
                        .uid(OperatorIds.WEBHOOKS);
        attempts.union(recovered.getSideOutput(RecoverChanges.PROGRESS))
                .sinkTo(sink(settings, Topics.STATUS))
                .name("status")
                .uid(OperatorIds.STATUS);
        attempts.getSideOutput(DeadLetters.TAG)
                .union(results.getSideOutput(DeadLetters.TAG))
                .sinkTo(sink(settings, Topics.DEAD_LETTERS))
                .name("dead letters")
                .uid(OperatorIds.DEAD_LETTERS);
        new KeysetReports(
                        "delivery",
                        settings.bootstrapServers(),
                        settings.webhooks().keysets(),
                        OperatorIds.KEYSETS,
                        OperatorIds.KEYSETS_STATUS)
                .addTo(control);
    }

    /** Of each stream by itself: a filter of their union would be one more hop for every message. */
    private static DataStream<FunctionMessage> forWebhooks(
            DataStream<FunctionMessage> messages, String uid) {
        return messages.filter(message -> !UserFunctions.isFor(message)).name(uid).uid(uid);
    }

    private static DataStream<FunctionMessage> forFunctions(
            DataStream<FunctionMessage> messages, String uid) {
        return messages.filter(UserFunctions::isFor).name(uid).uid(uid);
    }

    /** Users' functions, each of which sees one change at a time of a row. */
    private static SingleOutputStreamOperator<OutgoingRecord> functions(
            DataStream<FunctionMessage> messages,
            DataStream<byte[]> control,
            DeliveryJobSettings settings,
            ControlBootstrap bootstrap) {
        return messages.keyBy(FunctionMessage::address, Types.STRING)
                .connect(control.broadcast())
                .transform(
                        "functions",
                        OutgoingRecord.TYPE,
                        new FunctionHostFactory(
                                new UserFunctions(settings.webhooks()),
                                FunctionHostSettings.standard(List.of()).oneByOne(),
                                bootstrap))
                .uid(OperatorIds.FUNCTIONS);
    }

    private static boolean isRecovery(byte[] json) {
        return ControlCodec.decode(json) instanceof RecoveryControl;
    }

    private static void configure(StreamExecutionEnvironment env, DeliveryJobSettings settings) {
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

    @SuppressWarnings("deprecation") // Kafka's enum, which the connector still asks for.
    private static DataStream<byte[]> changes(
            StreamExecutionEnvironment env, DeliveryJobSettings settings) {
        KafkaSource<byte[]> source =
                KafkaSource.<byte[]>builder()
                        .setBootstrapServers(settings.bootstrapServers())
                        .setTopics(Topics.CHANGES)
                        .setGroupId(settings.groupId())
                        .setStartingOffsets(
                                OffsetsInitializer.committedOffsets(OffsetResetStrategy.EARLIEST))
                        .setDeserializer(new ChangeDeserializer())
                        .setClientIdPrefix(OperatorIds.CHANGES)
                        .setProperty("partition.discovery.interval.ms", "60000")
                        .build();
        return env.fromSource(
                        source,
                        WatermarkStrategy.noWatermarks(),
                        Topics.CHANGES,
                        PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO)
                .uid(OperatorIds.CHANGES);
    }

    private static DataStream<byte[]> control(
            StreamExecutionEnvironment env, DeliveryJobSettings settings) {
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

    private static KafkaSink<OutgoingRecord> sink(DeliveryJobSettings settings, String topic) {
        return KafkaSink.<OutgoingRecord>builder()
                .setBootstrapServers(settings.bootstrapServers())
                .setRecordSerializer(new OutgoingRecordSchema(topic))
                .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
                .setProperty("acks", "all")
                .setProperty("compression.type", "lz4")
                // Nobody waits for a report; a request for each few would cost more than sending.
                .setProperty("linger.ms", "50")
                .build();
    }
}
