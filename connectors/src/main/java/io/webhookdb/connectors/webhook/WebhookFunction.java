package io.webhookdb.connectors.webhook;

import io.webhookdb.connectors.webhook.Delivery.Cause;
import io.webhookdb.connectors.webhook.Delivery.Kind;
import io.webhookdb.connectors.webhook.Delivery.Place;
import io.webhookdb.connectors.webhook.DeliveryMetrics.Last;
import io.webhookdb.connectors.webhook.Subscriptions.Known;
import io.webhookdb.schemas.status.DeliveryAttempt.Outcome;
import io.webhookdb.security.keyset.SecretUnreadableException;
import io.webhookdb.security.trace.Step;
import io.webhookdb.security.trace.StepName;
import io.webhookdb.security.trace.Tracing;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.apache.flink.statefun.sdk.java.Context;
import org.apache.flink.statefun.sdk.java.StatefulFunction;
import org.apache.flink.statefun.sdk.java.TypeName;
import org.apache.flink.statefun.sdk.java.ValueSpec;
import org.apache.flink.statefun.sdk.java.message.Message;
import org.apache.flink.statefun.sdk.java.message.MessageBuilder;

/**
 * Delivers one change to one subscription: at the address (subscription, change) alone, at the
 * address (subscription, row) after the row's earlier ones.
 *
 * <p>A delivery is either with a message on its way to this function (at once or delayed) or, if
 * others are before it, in {@link #WAITING}, whose head always has such a message. So none is ever
 * forgotten, and none needs to be looked for. Every attempt is reported to {@code status.v1}.
 */
final class WebhookFunction implements StatefulFunction {
    static final TypeName TYPENAME = TypeName.typeNameOf("io.webhookdb", "webhook");

    /** The id of the delivery that has a delayed message; keeps a repeated change from a second. */
    static final ValueSpec<String> PENDING = ValueSpec.named("pending").withUtf8StringType();

    /** Ordered deliveries, the one under way at the head. */
    static final ValueSpec<Queue> WAITING = ValueSpec.named("waiting").withCustomType(Queue.TYPE);

    private final Subscriptions subscriptions;
    private final RetrySchedule schedule;
    private final WebhookSender sender;
    private final DeliveryMetrics metrics;
    private final WebhookSettings settings;
    private final Tracing tracing;

    WebhookFunction(
            Subscriptions subscriptions,
            RetrySchedule schedule,
            WebhookSender sender,
            DeliveryMetrics metrics,
            WebhookSettings settings,
            Tracing tracing) {
        this.subscriptions = subscriptions;
        this.schedule = schedule;
        this.sender = sender;
        this.metrics = metrics;
        this.settings = settings;
        this.tracing = tracing;
    }

    @Override
    public CompletableFuture<Void> apply(Context context, Message message) {
        Delivery delivery = message.as(Delivery.TYPE);
        Optional<Known> found = subscriptions.find(delivery.subscription());
        if (delivery.isNew() && isTakenIn(context, delivery, found)) {
            return context.done();
        }
        if (found.isEmpty()) {
            metrics.dropped();
            return settled(context, delivery, found);
        }
        Known subscription = found.get();
        Instant now = Instant.now(Clock.systemUTC());
        Admission admission =
                Admission.of(
                        delivery,
                        subscription,
                        millis(),
                        now.toEpochMilli(),
                        settings.longestPending(),
                        luck());
        return switch (admission.verdict()) {
            case NOW -> attempt(context, delivery, subscription);
            case LATER -> {
                Delivery again = delivery.postponedOnce(admission.place());
                yield later(context, delivery, again, admission.delay(), subscription);
            }
            case OVERFLOW -> {
                overflow(context, delivery);
                yield settled(context, delivery, found);
            }
        };
    }

    /** Whether a delivery from outside needs nothing more now: it waits, or is a repetition. */
    private boolean isTakenIn(Context context, Delivery delivery, Optional<Known> found) {
        if (delivery.kind() != Kind.ORDERED) {
            return context.storage().get(PENDING).filter(delivery.id()::equals).isPresent();
        }
        Queue queue = context.storage().get(WAITING).orElse(Queue.EMPTY);
        if (queue.holds(delivery.id())) {
            return true;
        }
        if (queue.isEmpty()) {
            context.storage().set(WAITING, queue.with(delivery));
            return false;
        }
        found.ifPresent(
                subscription -> {
                    if (delivery.cause() == Cause.CHANGE
                            && !subscription.backlog().hasPlaceFor(delivery)) {
                        overflow(context, delivery);
                        return;
                    }
                    queue.displaced().ifPresent(subscription.backlog()::remove);
                    subscription.backlog().add(delivery);
                    context.storage().set(WAITING, queue.with(delivery));
                });
        return true;
    }

    private void overflow(Context context, Delivery delivery) {
        metrics.attempted(Outcome.OVERFLOWN, Last.YES);
        context.send(
                AttemptReport.of(
                        delivery,
                        Answer.none(
                                Outcome.OVERFLOWN,
                                "Not tried: too much waits for the subscription, or it waited too"
                                        + " long."),
                        Instant.now(Clock.systemUTC()),
                        0,
                        Optional.empty()));
    }

    private CompletableFuture<Void> attempt(
            Context context, Delivery delivery, Known subscription) {
        Instant start = Instant.now(Clock.systemUTC());
        long startMillis = millis();
        Step step =
                tracing.goOn(
                                StepName.DELIVER,
                                delivery.trace(),
                                ChronoUnit.MICROS.between(Instant.EPOCH, start))
                        .about("webhookdb.subscription", delivery.subscription());
        return post(delivery.in(step.trace()), subscription, start)
                .thenCompose(
                        answer -> {
                            if (answer.outcome() == Outcome.DELIVERED) {
                                step.end();
                            } else {
                                step.failed(answer.outcome().name());
                            }
                            note(subscription, answer);
                            Optional<Duration> wait =
                                    answer.mayRetry() && delivery.kind() != Kind.TEST
                                            ? schedule.after(
                                                    delivery.attempt(), answer.asked(), luck())
                                            : Optional.empty();
                            boolean givenUp = answer.mayRetry() && wait.isEmpty();
                            metrics.attempted(answer.outcome(), givenUp ? Last.YES : Last.NO);
                            context.send(
                                    AttemptReport.of(
                                            delivery, answer, start, millis() - startMillis, wait));
                            return wait.isPresent()
                                    ? later(
                                            context,
                                            delivery,
                                            delivery.next(),
                                            wait.get(),
                                            subscription)
                                    : settled(context, delivery, Optional.of(subscription));
                        });
    }

    private CompletableFuture<Answer> post(Delivery delivery, Known subscription, Instant start) {
        WebhookRequest request;
        try {
            request =
                    WebhookRequest.of(
                            delivery,
                            subscription.receiver(),
                            subscription.proof(start),
                            settings.userAgent(),
                            settings.timeoutFor(subscription.control().settings()),
                            start);
        } catch (SecretUnreadableException e) {
            // Curable: the next record of it may be better.
            return CompletableFuture.completedFuture(
                    Answer.none(Outcome.MISCONFIGURED, "The secret cannot be opened."));
        } catch (IllegalArgumentException e) {
            return CompletableFuture.completedFuture(
                    Answer.none(Outcome.MISCONFIGURED, "URL or signing key is none."));
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
            Context context,
            Delivery before,
            Delivery delivery,
            Duration wait,
            Known subscription) {
        if (before.isNew()) {
            subscription.backlog().add(before);
        }
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
    private static CompletableFuture<Void> settled(
            Context context, Delivery delivery, Optional<Known> subscription) {
        if (!delivery.isNew()) {
            subscription.ifPresent(known -> known.backlog().remove(delivery));
        }
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
            context.send(toSelf(context, rest.head().postponedOnce(Place.OPEN)));
        }
        return context.done();
    }

    private static Message toSelf(Context context, Delivery delivery) {
        return MessageBuilder.forAddress(context.self())
                .withCustomType(Delivery.TYPE, delivery)
                .build();
    }

    private static double luck() {
        return ThreadLocalRandom.current().nextDouble();
    }

    private static long millis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }
}
