package io.webhookdb.connectors.webhook;

import io.webhookdb.connectors.webhook.Delivery.Cause;
import io.webhookdb.connectors.webhook.Delivery.Kind;
import io.webhookdb.connectors.webhook.Delivery.Place;
import io.webhookdb.connectors.webhook.Subscriptions.Known;
import io.webhookdb.schemas.control.SubscriptionControl;
import java.time.Duration;

/**
 * Whether an attempt is made now, later, or not at all.
 *
 * @param verdict which
 * @param delay how long, if later
 * @param place what the attempt has in the rate limit, if later
 */
record Admission(Verdict verdict, Duration delay, Place place) {
    private static final Admission NOW = new Admission(Verdict.NOW, Duration.ZERO, Place.OPEN);

    /** How soon a paused delivery looks again, and how rarely in the end. */
    private static final Duration FIRST_LOOK = Duration.ofSeconds(1);

    private static final Duration LAST_LOOK = Duration.ofSeconds(30);

    /** Places in the rate limit are given this far ahead; beyond it a delivery asks again. */
    private static final Duration LONGEST_RESERVED = Duration.ofSeconds(30);

    /** What is to be done. */
    enum Verdict {
        NOW,
        LATER,
        /** Too much waits, or it waited too long: to be given up and reported. */
        OVERFLOW
    }

    /**
     * Judges an attempt.
     *
     * @param steadyMillis any steady clock
     * @param epochMillis time of day
     * @param longest how long after its change a delivery may still wait for its first attempt
     * @param luck a number from 0 to 1 that spreads load
     */
    static Admission of(
            Delivery delivery,
            Known subscription,
            long steadyMillis,
            long epochMillis,
            Duration longest,
            double luck) {
        Admission admission = unbounded(delivery, subscription, steadyMillis, luck);
        if (admission.verdict() == Verdict.NOW || delivery.cause() == Cause.RECOVERY) {
            return admission;
        }
        boolean tooMuch = delivery.isNew() && !subscription.backlog().hasPlaceFor(delivery);
        boolean tooOld =
                delivery.changedAt() > 0 && epochMillis - delivery.changedAt() > longest.toMillis();
        return tooMuch || tooOld
                ? new Admission(Verdict.OVERFLOW, Duration.ZERO, Place.OPEN)
                : admission;
    }

    private static Admission unbounded(
            Delivery delivery, Known subscription, long now, double luck) {
        if (delivery.kind() == Kind.TEST) {
            return NOW;
        }
        if (subscription.control().delivery() == SubscriptionControl.Delivery.PAUSE
                || subscription.isGone()) {
            Duration look = FIRST_LOOK.multipliedBy(1L << Math.min(delivery.postponed(), 10));
            return later(look.compareTo(LAST_LOOK) > 0 ? LAST_LOOK : look, Place.OPEN);
        }
        if (delivery.attempt() == 1) {
            Duration wait = subscription.breaker().holdBack(now);
            if (!wait.isZero()) {
                return later(RetrySchedule.spread(wait, luck), Place.OPEN);
            }
        }
        return delivery.place() == Place.RESERVED ? NOW : paced(subscription.pace(), luck);
    }

    private static Admission paced(Pace pace, double luck) {
        Duration wait = pace.take(LONGEST_RESERVED);
        if (wait.isZero()) {
            return NOW;
        }
        return wait.compareTo(LONGEST_RESERVED) > 0
                ? later(RetrySchedule.spread(LONGEST_RESERVED.dividedBy(2), luck), Place.OPEN)
                : later(wait, Place.RESERVED);
    }

    private static Admission later(Duration wait, Place place) {
        return new Admission(Verdict.LATER, wait, place);
    }
}
