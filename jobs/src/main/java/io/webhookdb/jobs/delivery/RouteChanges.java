package io.webhookdb.jobs.delivery;

import io.webhookdb.connectors.control.BroadcastControl;
import io.webhookdb.connectors.control.ControlBootstrap;
import io.webhookdb.connectors.kafka.AnnouncedChange;
import io.webhookdb.connectors.statefun.FunctionMessage;
import io.webhookdb.connectors.webhook.Delivery;
import io.webhookdb.connectors.webhook.Delivery.Cause;
import io.webhookdb.connectors.webhook.WebhookModule;
import io.webhookdb.schemas.change.NotificationBody;
import io.webhookdb.schemas.change.RowChange;
import io.webhookdb.schemas.change.RowChangeCodec;
import io.webhookdb.schemas.control.ControlCodec;
import io.webhookdb.schemas.control.ControlRecord;
import io.webhookdb.schemas.control.SubscriptionControl;
import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.co.BroadcastProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Makes a delivery of every change and subscription it is for, and of every test event asked for.
 * Changes nobody subscribed to end here.
 */
final class RouteChanges extends BroadcastProcessFunction<byte[], byte[], FunctionMessage>
        implements CheckpointedFunction {
    private static final long serialVersionUID = 1L;

    /** Whoever asked for more at once wanted to know whether it works, not how often. */
    private static final long MOST_TESTS = 10;

    private final ControlBootstrap bootstrap;
    private transient BroadcastControl control;
    private transient SubscriptionIndex index;
    private transient TestRequests tests;
    private transient Counter unreadable;
    private transient boolean sendsTests;

    RouteChanges(ControlBootstrap bootstrap) {
        this.bootstrap = bootstrap;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        BroadcastState<String, byte[]> state =
                context.getOperatorStateStore().getBroadcastState(BroadcastControl.STATE);
        // Test events asked for before are not sent again; those asked for meanwhile are.
        tests = new TestRequests();
        if (context.isRestored()) {
            subscriptions(BroadcastControl.over(state)).forEach(tests::more);
        }
        control = BroadcastControl.complete(state, bootstrap);
        if (!context.isRestored()) {
            subscriptions(control).forEach(tests::more);
        }
        index = new SubscriptionIndex();
        subscriptions(control).forEach(index::apply);
    }

    private static Stream<SubscriptionControl> subscriptions(BroadcastControl control) {
        return control.directory()
                .records()
                .filter(SubscriptionControl.class::isInstance)
                .map(SubscriptionControl.class::cast);
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) {
        // Control lies in broadcast state already.
    }

    @Override
    public void open(OpenContext context) {
        unreadable = getRuntimeContext().getMetricGroup().counter("changesUnreadable");
        // Every subtask sees every control record; one of them answers.
        sendsTests = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask() == 0;
    }

    @Override
    public void processElement(
            byte[] bytes, ReadOnlyContext context, Collector<FunctionMessage> out) {
        AnnouncedChange announced = AnnouncedChange.read(bytes);
        RowChange change;
        try {
            change = RowChangeCodec.decode(announced.json());
        } catch (IllegalArgumentException e) {
            // Ours alone write this topic; a strange record must not stop the others.
            unreadable.inc();
            return;
        }
        List<SubscriptionControl> interested = index.of(change);
        if (interested.isEmpty()) {
            return;
        }
        long changedAt = context.timestamp() == null ? 0 : context.timestamp();
        Notifications notifications =
                new Notifications(change, announced.trace(), control.directory(), changedAt);
        for (SubscriptionControl subscription : interested) {
            if (notifications.isFor(subscription)) {
                out.collect(notifications.to(subscription, Cause.CHANGE));
            }
        }
    }

    @Override
    public void processBroadcastElement(
            byte[] json, Context context, Collector<FunctionMessage> out) throws Exception {
        Optional<ControlRecord> news = control.apply(json);
        // What was read at the start comes once more here, and asks for its tests.
        if (ControlCodec.decode(json) instanceof SubscriptionControl subscription) {
            news.ifPresent(record -> index.apply(subscription));
            long asked = Math.min(tests.more(subscription), MOST_TESTS);
            for (long i = 0; sendsTests && i < asked; i++) {
                out.collect(test(subscription, subscription.testsRequested() - i));
            }
        }
    }

    private static FunctionMessage test(SubscriptionControl subscription, long number) {
        String id = "test_" + subscription.id() + "_" + number;
        String externalId = HexFormat.of().toHexDigits(new SplittableRandom().nextLong(), 12);
        String now = Instant.now(Clock.systemUTC()).toString();
        return WebhookModule.message(
                Delivery.fresh(
                        subscription.id(),
                        subscription.organization(),
                        "",
                        id,
                        Delivery.Kind.TEST,
                        Cause.CHANGE,
                        0,
                        "test/" + number,
                        NotificationBody.test(id, externalId, now)));
    }
}
