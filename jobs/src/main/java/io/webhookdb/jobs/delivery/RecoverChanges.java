package io.webhookdb.jobs.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.webhookdb.connectors.control.BroadcastControl;
import io.webhookdb.connectors.control.ControlBootstrap;
import io.webhookdb.connectors.kafka.AnnouncedChange;
import io.webhookdb.connectors.kafka.OutgoingRecord;
import io.webhookdb.connectors.statefun.FunctionMessage;
import io.webhookdb.connectors.webhook.Delivery.Cause;
import io.webhookdb.jobs.delivery.RecoveryReader.Part;
import io.webhookdb.schemas.change.RowChange;
import io.webhookdb.schemas.change.RowChangeCodec;
import io.webhookdb.schemas.control.ControlCodec;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.RecoveryControl;
import io.webhookdb.schemas.control.SubscriptionControl;
import io.webhookdb.schemas.status.BackfillProgress;
import io.webhookdb.schemas.status.RecoveryProgress;
import io.webhookdb.schemas.status.StatusCodec;
import io.webhookdb.security.kafka.KafkaAccess;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.co.KeyedBroadcastProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out orders to deliver changes again: reads the order's window of the change log, a little
 * with each timer, and has what its subscription wants delivered. Keyed by order; where it is in
 * the log is state, so that a restart goes on there.
 */
final class RecoverChanges
        extends KeyedBroadcastProcessFunction<String, byte[], byte[], FunctionMessage>
        implements CheckpointedFunction {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(RecoverChanges.class);

    /** Reports of how far orders are. */
    static final OutputTag<OutgoingRecord> PROGRESS =
            new OutputTag<>("recovery-progress", OutgoingRecord.TYPE);

    private static final Duration REPORT_EVERY = Duration.ofSeconds(5);
    private static final Duration AFTER_TROUBLE = Duration.ofSeconds(5);

    /** The order may be here before its subscription. */
    private static final int MOST_LOOKS_FOR_SUBSCRIPTION = 100;

    private static final long LOOK_MILLIS = 100;

    private final KafkaAccess kafka;
    private final ControlBootstrap bootstrap;
    private transient BroadcastControl control;
    private transient RecoveryReader reader;
    private transient RecoveryState recovery;

    RecoverChanges(KafkaAccess kafka, ControlBootstrap bootstrap) {
        this.kafka = kafka;
        this.bootstrap = bootstrap;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        control =
                BroadcastControl.complete(
                        context.getOperatorStateStore().getBroadcastState(BroadcastControl.STATE),
                        bootstrap);
        recovery = new RecoveryState(context.getKeyedStateStore());
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) {
        // Everything is in state already.
    }

    @Override
    public void processElement(byte[] json, ReadOnlyContext context, Collector<FunctionMessage> out)
            throws Exception {
        RecoveryControl given = (RecoveryControl) ControlCodec.decode(json);
        if (given.state() == State.DELETED) {
            recovery.clear();
            return;
        }
        // Control is published again from time to time; an order is carried out once.
        if (recovery.order() == null) {
            recovery.order(json);
            context.timerService().registerProcessingTimeTimer(0);
        }
    }

    @Override
    public void processBroadcastElement(
            byte[] json, Context context, Collector<FunctionMessage> out) throws Exception {
        control.apply(json);
    }

    @Override
    public void onTimer(long time, OnTimerContext context, Collector<FunctionMessage> out)
            throws Exception {
        if (recovery.order() == null) {
            return;
        }
        RecoveryControl given = (RecoveryControl) ControlCodec.decode(recovery.order());
        Optional<SubscriptionControl> subscription = subscription(given);
        long now = context.timerService().currentProcessingTime();
        if (subscription.isEmpty()) {
            if (recovery.looked() > MOST_LOOKS_FOR_SUBSCRIPTION) {
                end(given, context, "There is no subscription " + given.subscription());
            } else {
                context.timerService().registerProcessingTimeTimer(now + LOOK_MILLIS);
            }
            return;
        }
        try {
            readOn(given, subscription.get(), context, out, now);
        } catch (RetriableException e) {
            LOG.warn("{} cannot read the change log, tries again", given.key(), e);
            context.timerService().registerProcessingTimeTimer(now + AFTER_TROUBLE.toMillis());
        }
    }

    private void readOn(
            RecoveryControl given,
            SubscriptionControl subscription,
            OnTimerContext context,
            Collector<FunctionMessage> out,
            long now)
            throws Exception {
        Map<Integer, Part> left;
        if (recovery.reportedAt() == null) {
            left = reader().window(given);
            // Before anything else can fail: an order without parts counts as carried out.
            recovery.parts(left);
            report(given, BackfillProgress.State.RUNNING, null, context);
            recovery.reported(now);
        } else {
            left = recovery.parts();
        }
        Counts counts = new Counts();
        left =
                reader().read(
                                given.id(),
                                left,
                                record -> deliver(record, given, subscription, out, counts));
        recovery.count(counts.read, counts.sent);
        recovery.parts(left);
        if (left.isEmpty()) {
            end(given, context, null);
            return;
        }
        if (now - recovery.reportedAt() > REPORT_EVERY.toMillis()) {
            report(given, BackfillProgress.State.RUNNING, null, context);
            recovery.reported(now);
        }
        context.timerService().registerProcessingTimeTimer(now + 1);
    }

    private static final class Counts {
        private long read;
        private long sent;
    }

    private void deliver(
            ConsumerRecord<byte[], byte[]> record,
            RecoveryControl given,
            SubscriptionControl subscription,
            Collector<FunctionMessage> out,
            Counts counts) {
        String scope =
                subscription.integration() == null
                        ? given.organization() + "/"
                        : given.organization() + "/" + subscription.integration() + "/";
        if (record.value() == null
                || record.key() == null
                || !new String(record.key(), UTF_8).startsWith(scope)) {
            return;
        }
        counts.read++;
        RowChange change;
        try {
            change = RowChangeCodec.decode(record.value());
        } catch (IllegalArgumentException e) {
            // Counted where it is delivered for the first time.
            return;
        }
        Notifications notifications =
                new Notifications(
                        change,
                        AnnouncedChange.of(record).trace(),
                        control.directory(),
                        record.timestamp());
        boolean wanted = given.change() == null || given.change().equals(change.id());
        if (wanted && notifications.isFor(subscription)) {
            counts.sent++;
            out.collect(notifications.to(subscription, Cause.RECOVERY));
        }
    }

    /** The order stays known, so that it is not carried out again, until it is deleted. */
    private void end(RecoveryControl given, OnTimerContext context, String failure)
            throws Exception {
        report(
                given,
                failure == null ? BackfillProgress.State.FINISHED : BackfillProgress.State.FAILED,
                failure,
                context);
        recovery.parts(Map.of());
    }

    private void report(
            RecoveryControl given,
            BackfillProgress.State state,
            String failure,
            OnTimerContext context)
            throws Exception {
        RecoveryProgress progress =
                new RecoveryProgress(
                        given.organization(),
                        given.id(),
                        given.subscription(),
                        state,
                        recovery.read(),
                        recovery.sent(),
                        Instant.now(Clock.systemUTC()).toString(),
                        failure);
        context.output(
                PROGRESS,
                new OutgoingRecord(progress.key().getBytes(UTF_8), StatusCodec.encode(progress)));
    }

    private Optional<SubscriptionControl> subscription(RecoveryControl given) {
        return control.directory()
                .subscription(given.subscription())
                .filter(found -> found.state() == State.ACTIVE)
                .filter(found -> found.organization() == given.organization());
    }

    private RecoveryReader reader() {
        if (reader == null) {
            reader = new RecoveryReader(kafka);
        }
        return reader;
    }

    @Override
    public void close() {
        if (reader != null) {
            reader.close();
        }
    }
}
