package io.webhookdb.connectors.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.connectors.webhook.Admission.Verdict;
import io.webhookdb.connectors.webhook.Delivery.Cause;
import io.webhookdb.connectors.webhook.Delivery.Kind;
import io.webhookdb.connectors.webhook.Delivery.Place;
import io.webhookdb.connectors.webhook.Subscriptions.Known;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.SubscriptionControl;
import io.webhookdb.schemas.control.SubscriptionControl.Ordering;
import io.webhookdb.schemas.control.SubscriptionSettings;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class AdmissionTest {
    private static final Duration LONGEST = Duration.ofHours(1);
    private final Delivery delivery = TestingDeliveries.fresh("c1", Kind.PARALLEL, "12345");

    private static Known known(SubscriptionControl.Delivery delivery, int rate, int subtasks) {
        Subscriptions subscriptions = new Subscriptions((text, context) -> "s", subtasks, 10);
        subscriptions.apply(
                new SubscriptionControl(
                        "whs_1",
                        5,
                        1,
                        State.ACTIVE,
                        null,
                        "https://acme.example/",
                        null,
                        delivery,
                        Ordering.PARALLEL,
                        0,
                        new SubscriptionSettings(null, null, rate, 3, 0, null, null, null)));
        return subscriptions.find("whs_1").orElseThrow();
    }

    private static Known sending(int rate) {
        return known(SubscriptionControl.Delivery.SEND, rate, 1);
    }

    private static Admission judge(Delivery delivery, Known known, long after) {
        return Admission.of(delivery, known, 0, TestingDeliveries.CHANGED_AT + after, LONGEST, 0.5);
    }

    @Test
    void letsPassWhatNothingHolds() {
        assertThat(judge(delivery, sending(0), 0).verdict()).isEqualTo(Verdict.NOW);
    }

    @Test
    void givesEachItsPlaceInTheRateAndAsksNoneTwice() {
        Known known = sending(2);

        assertThat(judge(delivery, known, 0).verdict()).isEqualTo(Verdict.NOW);
        assertThat(judge(delivery, known, 0).verdict()).isEqualTo(Verdict.NOW);
        Admission third = judge(delivery, known, 0);
        Admission fourth = judge(delivery, known, 0);
        assertThat(third.delay()).isBetween(Duration.ofMillis(200), Duration.ofMillis(500));
        assertThat(fourth.delay()).isBetween(Duration.ofMillis(600), Duration.ofMillis(1000));
        assertThat(third.place()).isEqualTo(Place.RESERVED);
        assertThat(judge(delivery.postponedOnce(third.place()), known, 0).verdict())
                .isEqualTo(Verdict.NOW);
    }

    @Test
    void reservesNoPlaceFarAhead() {
        Known known = sending(1);
        Admission last = judge(delivery, known, 0);
        for (int i = 0; i < 60; i++) {
            last = judge(delivery, known, 0);
        }

        assertThat(last.place()).isEqualTo(Place.OPEN);
        assertThat(last.delay()).isLessThan(Duration.ofSeconds(31));
    }

    @Test
    void sharesLimitsAmongSubtasks() {
        Known known = known(SubscriptionControl.Delivery.SEND, 10, 5);

        judge(delivery, known, 0);
        judge(delivery, known, 0);
        assertThat(judge(delivery, known, 0).verdict()).isEqualTo(Verdict.LATER);
        assertThat(known.mostConcurrent(32)).isEqualTo(1);
        assertThat(sending(0).mostConcurrent(32)).isEqualTo(3);
    }

    @Test
    void reportsWhatFindsNoPlaceToWait() {
        Known known = known(SubscriptionControl.Delivery.PAUSE, 0, 1);
        known.backlog().add(delivery);
        assertThat(judge(delivery, known, 0).verdict()).isEqualTo(Verdict.LATER);
        known.backlog().add(delivery);

        assertThat(judge(delivery, known, 0).verdict()).isEqualTo(Verdict.OVERFLOW);
        assertThat(judge(delivery.postponedOnce(Place.OPEN), known, 0).verdict())
                .as("waits already")
                .isEqualTo(Verdict.LATER);
        known.backlog().remove(delivery);
        assertThat(judge(delivery, known, 0).verdict()).isEqualTo(Verdict.LATER);
    }

    /** It is about to be paused; what comes before that must not be lost. */
    @Test
    void keepsWhatComesWhenTheReceiverIsGone() {
        Known known = sending(0);
        known.markGone();

        assertThat(judge(delivery, known, 0).verdict()).isEqualTo(Verdict.LATER);
    }

    @Test
    void givesUpWhatWaitedTooLongUnlessSomebodyAskedForIt() {
        Known known = known(SubscriptionControl.Delivery.PAUSE, 0, 1);
        Delivery old = delivery.postponedOnce(Place.OPEN);
        Delivery asked =
                Delivery.fresh(
                        "whs_1",
                        5,
                        "svi_1",
                        "c1",
                        Kind.PARALLEL,
                        Cause.RECOVERY,
                        TestingDeliveries.CHANGED_AT,
                        "change/c1",
                        new byte[100]);

        assertThat(judge(old, known, LONGEST.toMillis() + 1).verdict()).isEqualTo(Verdict.OVERFLOW);
        assertThat(judge(asked, known, LONGEST.toMillis() + 1).verdict()).isEqualTo(Verdict.LATER);
    }
}
