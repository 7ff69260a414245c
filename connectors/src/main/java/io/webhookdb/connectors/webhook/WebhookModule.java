package io.webhookdb.connectors.webhook;

import io.webhookdb.connectors.statefun.FunctionMessage;
import io.webhookdb.connectors.statefun.FunctionModule;
import io.webhookdb.connectors.statefun.FunctionOwner;
import io.webhookdb.schemas.control.ControlCodec;
import io.webhookdb.schemas.control.SubscriptionControl;
import io.webhookdb.security.keyset.KeysetFolder;
import io.webhookdb.security.trace.Tracing;
import java.nio.file.Path;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.statefun.sdk.java.StatefulFunctionSpec;
import org.apache.flink.statefun.sdk.java.StatefulFunctions;

/** The delivery function and what it needs, for a {@code FunctionHost}. */
public final class WebhookModule implements FunctionModule {
    private static final long serialVersionUID = 1L;

    private final WebhookSettings settings;
    private transient Subscriptions subscriptions;
    private transient WebhookSender sender;
    private transient Tracing tracing;

    /**
     * @param settings how webhooks are sent
     */
    public WebhookModule(WebhookSettings settings) {
        this.settings = settings;
    }

    /** The message that has a delivery made. */
    public static FunctionMessage message(Delivery delivery) {
        return new FunctionMessage(
                WebhookFunction.TYPENAME.asTypeNameString(),
                delivery.subscription() + "/" + delivery.scope(),
                Delivery.TYPE.typeName().asTypeNameString(),
                delivery.encode());
    }

    @Override
    public StatefulFunctions open(MetricGroup metrics, int subtasks) {
        subscriptions =
                new Subscriptions(
                        KeysetFolder.open(Path.of(settings.keysets())).connectionsOpener(),
                        subtasks,
                        settings.mostPendingBytes());
        sender = new HttpWebhookSender(settings);
        tracing = Tracing.ofProcess("webhookdb-delivery");
        WebhookFunction function =
                new WebhookFunction(
                        subscriptions,
                        RetrySchedule.parse(settings.retrySchedule()),
                        sender,
                        new DeliveryMetrics(metrics),
                        settings,
                        tracing);
        return new StatefulFunctions()
                .withStatefulFunction(
                        StatefulFunctionSpec.builder(WebhookFunction.TYPENAME)
                                .withValueSpecs(WebhookFunction.PENDING, WebhookFunction.WAITING)
                                .withSupplier(() -> function)
                                .build());
    }

    @Override
    public void control(byte[] json) {
        if (ControlCodec.decode(json) instanceof SubscriptionControl subscription) {
            subscriptions.apply(subscription);
        }
    }

    /** The subscription: a slow receiver delays no other's deliveries. */
    @Override
    public String lane(String typename, String id) {
        return subscription(id);
    }

    @Override
    public int mostInFlight(String lane, int usual) {
        return subscriptions.find(lane).map(known -> known.mostConcurrent(usual)).orElse(usual);
    }

    @Override
    public FunctionOwner owner(String typename, String id) {
        return subscriptions
                .find(subscription(id))
                .map(Subscriptions.Known::control)
                .map(
                        control ->
                                new FunctionOwner(
                                        control.organization(),
                                        control.integration() == null ? "" : control.integration()))
                .orElse(FunctionOwner.UNKNOWN);
    }

    @Override
    public void close() {
        if (sender != null) {
            sender.close();
        }
        if (tracing != null) {
            tracing.close();
        }
    }

    private static String subscription(String id) {
        int end = id.indexOf('/');
        return end < 0 ? id : id.substring(0, end);
    }
}
