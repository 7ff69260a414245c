package io.webhookdb.controlplane.provisioner.replay;

import io.webhookdb.schemas.control.ReplayControl;
import io.webhookdb.schemas.control.ReplayControl.Requests;
import io.webhookdb.schemas.event.Event;
import io.webhookdb.security.signature.SignatureVerifier;
import io.webhookdb.security.signature.Verdict;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;

/** Decides which stored requests an order is about. Pure. */
final class ReplaySelection {
    private final ReplayControl order;
    private final Map<String, Proof> integrations;

    /**
     * A selection.
     *
     * @param integrations how requests of each integration prove their origin now, by opaque id;
     *     holds no other organization's
     */
    ReplaySelection(ReplayControl order, Map<String, Proof> integrations) {
        this.order = order;
        this.integrations = Map.copyOf(integrations);
    }

    /** How requests of an integration prove their origin. */
    sealed interface Proof {
        /** Whatever comes is accepted. */
        record Skipped() implements Proof {}

        /** What this accepts. */
        record Signed(SignatureVerifier verifier) implements Proof {}
    }

    /** Where a request was kept. */
    enum Lane {
        ACCEPTED,
        REJECTED
    }

    /** What becomes of a stored request. */
    sealed interface Choice {
        /** It is not what was ordered. */
        record Skip() implements Choice {}

        /** It is refused again. */
        record Refuse() implements Choice {}

        /** It is processed again, in this form. */
        record Emit(Event event) implements Choice {}
    }

    /**
     * What becomes of one. What was processed again before is skipped: the request it was made of
     * is kept, too, and decides.
     */
    Choice choose(Event event, Lane lane) {
        Proof proof = integrations.get(event.integration());
        if (proof == null
                || event.origin().isRepeated()
                || event.receivedAtMicros() < order.afterMicros()
                || event.receivedAtMicros() >= order.beforeMicros()
                || !isOrdered(lane)
                || order.integration() != null && !order.integration().equals(event.integration())
                || order.event() != null && !order.event().equals(event.id().toString())) {
            return new Choice.Skip();
        }
        return lane == Lane.ACCEPTED
                ? new Choice.Emit(event.repeated(event.verification()))
                : verified(event, proof);
    }

    /** A signed time is compared with the arrival, so that a late check is no reason to refuse. */
    private static Choice verified(Event event, Proof proof) {
        if (proof instanceof Proof.Signed signed) {
            Instant arrived = Instant.EPOCH.plus(event.receivedAtMicros(), ChronoUnit.MICROS);
            Verdict verdict =
                    signed.verifier()
                            .verify(
                                    name -> event.header(name.toLowerCase(Locale.ROOT)),
                                    event.body(),
                                    arrived);
            return verdict instanceof Verdict.Rejected
                    ? new Choice.Refuse()
                    : new Choice.Emit(event.repeated(verdict.code()));
        }
        return new Choice.Emit(event.repeated("skipped"));
    }

    private boolean isOrdered(Lane lane) {
        return order.requests() == Requests.ALL
                || (order.requests() == Requests.ACCEPTED) == (lane == Lane.ACCEPTED);
    }
}
