package io.webhookdb.connectors.webhook;

import io.webhookdb.connectors.statefun.FunctionHostFactory;
import io.webhookdb.connectors.webhook.Delivery.Kind;
import io.webhookdb.connectors.webhook.Subscriptions.Known;
import io.webhookdb.schemas.Topics;
import io.webhookdb.schemas.control.SubscriptionControl;
import io.webhookdb.schemas.status.DeliveryAttempt;
import io.webhookdb.schemas.status.DeliveryAttempt.Outcome;
import io.webhookdb.security.keyset.SecretUnreadableException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.apache.flink.statefun.sdk.java.Context;
import org.apache.flink.statefun.sdk.java.StatefulFunction;
import org.apache.flink.statefun.sdk.java.TypeName;
import org.apache.flink.statefun.sdk.java.ValueSpec;
import org.apache.flink.statefun.sdk.java.io.KafkaEgressMessage;
import org.apache.flink.statefun.sdk.java.message.Message;
import org.apache.flink.statefun.sdk.java.message.MessageBuilder;

/**
 * Delivers one change to one subscription: at the address (subscription, change) alone, at the
 * address (subscription, row) after the row's earlier ones.
 *
 * <p>A delivery is either with a message on its way to this function (at once or delayed) or, if
 * others are before it, in {@link #WAITING}, whose head always has such a message. So none is ever
 * forgotten, and none needs to be looked for. Every attempt is reported to {@link Topics#STATUS}.
 */
final class WebhookFunction implements StatefulFunction {
    static final TypeName TYPENAME = TypeName.typeNameOf("io.webhookdb", "webhook");

    /** The id of the delivery that has a delayed message; keeps a repeated change from a second. */
    static final ValueSpec<String> PENDING = ValueSpec.named("pending").withUtf8StringType();

    /** Ordered deliveries, the one under way at the head. */
    static final ValueSpec<Queue> WAITING = ValueSpec.named("waiting").withCustomType(Queue.TYPE);

    /** How soon a paused delivery looks again, and how rarely in the end. */
    private static final Duration FIRST_LOOK = Duration.ofSeconds(1);

    private static final Duration LAST_LOOK = Duration.ofSeconds(30);

    private final Subscriptions subscriptions;
    private final RetrySchedule schedule;
    private final WebhookSender sender;
    private final DeliveryMetrics metrics;
    private final String userAgent;

    WebhookFunction(
            Subscriptions subscriptions,
            RetrySchedule schedule,
            WebhookSender sender,
            DeliveryMetrics metrics,
            String userAgent) {
        this.subscriptions = subscriptions;
        this.schedule = schedule;
        this.sender = sender;
        this.metrics = metrics;
        this.userAgent = userAgent;
    }

    @Override
    public CompletableFuture<Void> apply(Context context, Message message) {
        Delivery delivery = message.as(Delivery.TYPE);
        if (delivery.isNew() && isTakenIn(context, delivery)) {
            return context.done();
        }
        Optional<Known> found = subscriptions.find(delivery.subscription());
        if (found.isEmpty() || found.get().isGone()) {
            metrics.dropped();
            return settled(context, delivery);
        }
        Known subscription = found.get();
        Duration wait = holdBack(delivery, subscription);
        if (!wait.isZero()) {
            return later(context, delivery.postponedOnce(), wait);
        }
        return attempt(context, delivery, subscription);
    }

    /** Whether a delivery from outside needs nothing more now: it waits, or is a repetition. */
    private static boolean isTakenIn(Context context, Delivery delivery) {
        if (delivery.kind() != Kind.ORDERED) {
            return context.storage().get(PENDING).filter(delivery.id()::equals).isPresent();
        }
        Queue queue = context.storage().get(WAITING).orElse(Queue.EMPTY);
        if (queue.holds(delivery.id())) {
            return true;
        }
        context.storage().set(WAITING, queue.with(delivery));
        return !queue.isEmpty();
    }

    private Duration holdBack(Delivery delivery, Known subscription) {
        if (delivery.kind() == Kind.TEST) {
            return Duration.ZERO;
        }
        if (subscription.control().delivery() == SubscriptionControl.Delivery.PAUSE) {
            Duration look = FIRST_LOOK.multipliedBy(1L << Math.min(delivery.postponed(), 10));
            return look.compareTo(LAST_LOOK) > 0 ? LAST_LOOK : look;
        }
        if (delivery.attempt() > 1) {
            return Duration.ZERO;
        }
        Duration wait = subscription.breaker().holdBack(millis());
        return wait.isZero() ? wait : RetrySchedule.spread(wait, luck());
    }

    private CompletableFuture<Void> attempt(
            Context context, Delivery delivery, Known subscription) {
        Instant start = Instant.now(Clock.systemUTC());
        long startMillis = millis();
        return post(delivery, subscription, start)
                .thenCompose(
                        answer -> {
                            note(subscription, answer);
                            Optional<Duration> wait =
                                    answer.mayRetry() && delivery.kind() != Kind.TEST
                                            ? schedule.after(
                                                    delivery.attempt(), answer.asked(), luck())
                                            : Optional.empty();
                            metrics.attempted(
                                    answer.outcome(), answer.mayRetry() && wait.isEmpty());
                            report(context, delivery, answer, start, millis() - startMillis, wait);
                            return wait.isPresent()
                                    ? later(context, delivery.next(), wait.get())
                                    : settled(context, delivery);
                        });
    }

    private CompletableFuture<Answer> post(Delivery delivery, Known subscription, Instant start) {
        WebhookRequest request;
        try {
            request =
                    WebhookRequest.of(
                            delivery,
                            subscription.control().url(),
                            subscription.secret(),
                            userAgent,
                            start);
        } catch (SecretUnreadableException | IllegalArgumentException e) {
            // The subscription's fault, and curable: the next record of it may be better.
            return CompletableFuture.completedFuture(Answer.none(Outcome.MISCONFIGURED));
        }
        return sender.send(request);
    }

    private static void note(Known subscription, Answer answer) {
        switch (answer.outcome()) {
            case DELIVERED -> subscription.breaker().passed();
            case GONE -> subscription.markGone();
            default -> subscription.breaker().failed(millis());
        }
    }

    private static CompletableFuture<Void> later(
            Context context, Delivery delivery, Duration wait) {
        if (delivery.kind() == Kind.ORDERED) {
            Queue queue = context.storage().get(WAITING).orElse(Queue.EMPTY);
            if (!queue.isEmpty()) {
                context.storage().set(WAITING, queue.withHead(delivery));
            }
        } else {
            context.storage().set(PENDING, delivery.id());
        }
        context.sendAfter(wait, toSelf(context, delivery));
        return context.done();
    }

    /** Ends a delivery, one way or the other, and lets the next one of the row start. */
    private static CompletableFuture<Void> settled(Context context, Delivery delivery) {
        if (delivery.kind() != Kind.ORDERED) {
            context.storage().remove(PENDING);
            return context.done();
        }
        Queue queue = context.storage().get(WAITING).orElse(Queue.EMPTY);
        Queue rest = queue.isEmpty() ? queue : queue.withoutHead();
        if (rest.isEmpty()) {
            context.storage().remove(WAITING);
        } else {
            context.storage().set(WAITING, rest);
            context.send(toSelf(context, rest.head().postponedOnce()));
        }
        return context.done();
    }

    private static Message toSelf(Context context, Delivery delivery) {
        return MessageBuilder.forAddress(context.self())
                .withCustomType(Delivery.TYPE, delivery)
                .build();
    }

    private static void report(
            Context context,
            Delivery delivery,
            Answer answer,
            Instant start,
            long millis,
            Optional<Duration> wait) {
        boolean test = delivery.kind() == Kind.TEST;
        DeliveryAttempt attempt =
                new DeliveryAttempt(
                        delivery.subscription(),
                        delivery.organization(),
                        delivery.integration(),
                        delivery.id(),
                        test ? 0 : delivery.attempt(),
                        start.toString(),
                        millis,
                        answer.status(),
                        answer.outcome(),
                        wait.map(after -> start.plusMillis(millis).plus(after).toString())
                                .orElse(null),
                        test);
        context.send(
                KafkaEgressMessage.forEgress(FunctionHostFactory.KAFKA)
                        .withTopic(Topics.STATUS)
                        .withUtf8Key(delivery.subscription())
                        .withValue(attempt.encode())
                        .build());
    }

    private static double luck() {
        return ThreadLocalRandom.current().nextDouble();
    }

    private static long millis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }
}
