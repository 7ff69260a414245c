package io.webhookdb.connectors.functions;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.webhookdb.connectors.kafka.OutgoingRecord;
import io.webhookdb.connectors.statefun.EndpointCaller;
import io.webhookdb.connectors.statefun.FunctionMessage;
import io.webhookdb.connectors.statefun.FunctionModule;
import io.webhookdb.connectors.statefun.FunctionOwner;
import io.webhookdb.connectors.webhook.Delivery;
import io.webhookdb.connectors.webhook.HttpWebhookSender;
import io.webhookdb.connectors.webhook.WebhookModule;
import io.webhookdb.connectors.webhook.WebhookSettings;
import io.webhookdb.schemas.control.ControlCodec;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.SubscriptionControl;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.statefun.sdk.java.StatefulFunctions;

/**
 * Users' functions, each at the HTTP endpoint its subscription names, in any StateFun SDK. Typename
 * is {@code org_ORGANIZATION/SUBSCRIPTION}, id {@code INTEGRATION/REMOTE-KEY}: one address a row, so
 * that a function sees a row's changes in the order they are announced and may keep values for it.
 *
 * <p>A function gets {@value #CHANGE}, the body of the webhook, and answers with nothing, which
 * drops it, or with one JSON object to {@code io.webhookdb/result}, which is delivered in its
 * place under the same id.
 */
public final class UserFunctions implements FunctionModule {
    private static final long serialVersionUID = 1L;

    /** Type of what a function gets. */
    public static final String CHANGE = "io.webhookdb.types/change";

    private static final String NAMESPACE = "org_";
    private static final JsonMapper MAPPER = new JsonMapper();

    private final WebhookSettings settings;
    private transient Map<String, SubscriptionControl> subscriptions;
    private transient HttpWebhookSender http;

    /**
     * @param settings which addresses may be called, and with what limits
     */
    public UserFunctions(WebhookSettings settings) {
        this.settings = settings;
    }

    /**
     * The message that has a change seen by its subscription's function first.
     *
     * @param row which row it is of: integration, slash, remote key
     */
    public static FunctionMessage message(Delivery delivery, String row) {
        return new FunctionMessage(
                NAMESPACE + delivery.organization() + "/" + delivery.subscription(),
                row,
                Delivery.TYPE.typeName().asTypeNameString(),
                delivery.encode());
    }

    /** Whether a message is for a user's function. */
    public static boolean isFor(FunctionMessage message) {
        return message.typename().startsWith(NAMESPACE);
    }

    /** The message to the delivery function that a record of the host's main output holds. */
    public static FunctionMessage delivery(OutgoingRecord record) {
        return WebhookModule.message(Delivery.read(record.value()));
    }

    @Override
    public StatefulFunctions open(MetricGroup metrics, int subtasks) {
        subscriptions = new HashMap<>();
        http = new HttpWebhookSender(settings);
        return new StatefulFunctions();
    }

    @Override
    public void control(byte[] json) {
        if (ControlCodec.decode(json) instanceof SubscriptionControl subscription) {
            if (subscription.state() == State.DELETED) {
                subscriptions.remove(subscription.id());
            } else {
                subscriptions.put(subscription.id(), subscription);
            }
        }
    }

    @Override
    public Optional<URI> endpoint(String typename) {
        return Optional.ofNullable(subscriptions.get(subscription(typename)))
                .map(subscription -> subscription.settings().function())
                .map(URI::create);
    }

    @Override
    public Optional<EndpointCaller> caller() {
        return Optional.of(http);
    }

    @Override
    public FunctionOwner owner(String typename, String id) {
        int slash = id.indexOf('/');
        return new FunctionOwner(
                Long.parseLong(typename.substring(NAMESPACE.length(), typename.indexOf('/'))),
                slash < 0 ? "" : id.substring(0, slash));
    }

    @Override
    public Presented presented(Presented message) {
        return isDelivery(message)
                ? new Presented(CHANGE, Delivery.read(message.payload()).body())
                : message;
    }

    @Override
    public OutgoingRecord result(Presented message, Presented result) {
        if (!isDelivery(message)) {
            throw new IllegalArgumentException(
                    "A result answers a change; this one answers " + message.type());
        }
        Delivery delivery = Delivery.read(message.payload());
        Delivery changed = delivery.saying(object(result.payload(), delivery.id()));
        return new OutgoingRecord(delivery.id().getBytes(UTF_8), changed.encode());
    }

    /** The object, still with the id by which receivers tell repetitions. */
    private static byte[] object(byte[] json, String id) {
        try {
            JsonNode given = MAPPER.readTree(json);
            if (given instanceof ObjectNode object) {
                object.put("id", id);
                return MAPPER.writeValueAsBytes(object);
            }
        } catch (IOException e) {
            // Refused below; the parser's message would quote the result.
        }
        throw new IllegalArgumentException(
                "The result of " + json.length + " bytes is no JSON object");
    }

    private static boolean isDelivery(Presented message) {
        return message.type().equals(Delivery.TYPE.typeName().asTypeNameString());
    }

    private static String subscription(String typename) {
        return typename.substring(typename.indexOf('/') + 1);
    }

    @Override
    public void close() {
        if (http != null) {
            http.close();
        }
    }
}
