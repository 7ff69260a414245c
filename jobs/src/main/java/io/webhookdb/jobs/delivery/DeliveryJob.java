package io.webhookdb.jobs.delivery;

import io.webhookdb.connectors.control.BroadcastControl;
import io.webhookdb.connectors.control.ControlBootstrap;
import io.webhookdb.connectors.control.KafkaControlBootstrap;
import io.webhookdb.connectors.functions.UserFunctions;
import io.webhookdb.connectors.kafka.DeadLetters;
import io.webhookdb.connectors.kafka.OutgoingRecord;
import io.webhookdb.connectors.keyset.KeysetReports;
import io.webhookdb.connectors.statefun.FunctionHostFactory;
import io.webhookdb.connectors.statefun.FunctionHostSettings;
import io.webhookdb.connectors.statefun.FunctionMessage;
import io.webhookdb.connectors.webhook.WebhookModule;
import io.webhookdb.connectors.webhook.WebhookSettings;
import io.webhookdb.jobs.plumbing.ChangeDeserializer;
import io.webhookdb.jobs.plumbing.JobArguments;
import io.webhookdb.jobs.plumbing.JobEnvironment;
import io.webhookdb.jobs.plumbing.JobTopics;
import io.webhookdb.schemas.Topics;
import io.webhookdb.schemas.control.ControlCodec;
import io.webhookdb.schemas.control.RecoveryControl;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

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
    private DeliveryJob() {}

    /**
     * Runs the job.
     *
     * <p>Reads {@code WEBHOOKDB_KAFKA_BOOTSTRAP}, {@code WEBHOOKDB_KEYSETS}, {@code
     * WEBHOOKDB_WEBHOOK_RETRY_SCHEDULE} and {@code WEBHOOKDB_OUTBOUND_ALLOW}, or the same as
     * arguments in this order. The last two may be missing.
     */
    public static void main(String[] arguments) throws Exception {
        JobArguments given = JobArguments.of(arguments);
        StreamExecutionEnvironment env = JobEnvironment.production();
        build(
                env,
                DeliveryJobSettings.of(
                        given.kafka(),
                        WebhookSettings.of(
                                given.keysets(),
                                given.optional(2, "WEBHOOKDB_WEBHOOK_RETRY_SCHEDULE"),
                                given.optional(3, "WEBHOOKDB_OUTBOUND_ALLOW"))));
        env.execute("webhookdb-delivery");
    }

    /** Adds the job to an environment. */
    public static void build(StreamExecutionEnvironment env, DeliveryJobSettings settings) {
        JobEnvironment.fix(env, settings.checkpointInterval());
        JobTopics topics = new JobTopics(settings.kafka(), settings.groupId());
        ControlBootstrap bootstrap =
                new KafkaControlBootstrap(settings.kafka(), settings.controlLimit());
        DataStream<byte[]> control = topics.control(env, OperatorIds.CONTROL);
        SingleOutputStreamOperator<FunctionMessage> messages =
                topics.resumed(env, Topics.CHANGES, new ChangeDeserializer(), OperatorIds.CHANGES)
                        .setBufferTimeout(JobEnvironment.QUICK_MILLIS)
                        .connect(control.broadcast(BroadcastControl.STATE))
                        .process(new RouteChanges(bootstrap), FunctionMessage.TYPE)
                        .name("route")
                        .uid(OperatorIds.ROUTE)
                        .setBufferTimeout(JobEnvironment.QUICK_MILLIS);
        SingleOutputStreamOperator<FunctionMessage> recovered =
                control.filter(DeliveryJob::isRecovery)
                        .name("recovery orders")
                        .uid(OperatorIds.RECOVERY_ORDERS)
                        .setParallelism(1)
                        .keyBy(json -> ControlCodec.decode(json).key(), Types.STRING)
                        .connect(control.broadcast(BroadcastControl.STATE))
                        .process(
                                new RecoverChanges(settings.kafka(), bootstrap),
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
                                        .uid(OperatorIds.FUNCTION_RESULTS)
                                        .setBufferTimeout(JobEnvironment.QUICK_MILLIS))
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
                .sinkTo(topics.sink(Topics.STATUS, JobTopics.UNHURRIED))
                .name("status")
                .uid(OperatorIds.STATUS);
        attempts.getSideOutput(DeadLetters.TAG)
                .union(results.getSideOutput(DeadLetters.TAG))
                .sinkTo(topics.sink(Topics.DEAD_LETTERS, JobTopics.UNHURRIED))
                .name("dead letters")
                .uid(OperatorIds.DEAD_LETTERS);
        new KeysetReports(
                        "delivery",
                        settings.kafka(),
                        settings.webhooks().keysets(),
                        OperatorIds.KEYSETS,
                        OperatorIds.KEYSETS_STATUS)
                .addTo(control);
    }

    /**
     * Of each stream by itself: a filter of their union would be one more hop for every message.
     */
    private static DataStream<FunctionMessage> forWebhooks(
            DataStream<FunctionMessage> messages, String uid) {
        return messages.filter(message -> !UserFunctions.isFor(message))
                .name(uid)
                .uid(uid)
                .setBufferTimeout(JobEnvironment.QUICK_MILLIS);
    }

    private static DataStream<FunctionMessage> forFunctions(
            DataStream<FunctionMessage> messages, String uid) {
        return messages.filter(UserFunctions::isFor)
                .name(uid)
                .uid(uid)
                .setBufferTimeout(JobEnvironment.QUICK_MILLIS);
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
}
