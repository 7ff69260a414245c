package io.webhookdb.connectors.webhook;

import io.webhookdb.schemas.status.DeliveryAttempt.Outcome;
import java.util.EnumMap;
import java.util.Map;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.ThreadSafeSimpleCounter;

/** Counters of a subtask's deliveries. Thread-safe. */
final class DeliveryMetrics {
    private final Map<Outcome, Counter> attempts = new EnumMap<>(Outcome.class);
    private final Counter givenUp;
    private final Counter dropped;

    DeliveryMetrics(MetricGroup group) {
        for (Outcome outcome : Outcome.values()) {
            attempts.put(
                    outcome,
                    group.addGroup("outcome", outcome.word())
                            .counter("deliveryAttempts", new ThreadSafeSimpleCounter()));
        }
        givenUp = group.counter("deliveriesGivenUp", new ThreadSafeSimpleCounter());
        dropped = group.counter("deliveriesOfEndedSubscriptions", new ThreadSafeSimpleCounter());
    }

    /** Whether a failed delivery is given up. */
    enum Last {
        YES,
        NO
    }

    void attempted(Outcome outcome, Last last) {
        attempts.get(outcome).inc();
        if (last == Last.YES) {
            givenUp.inc();
        }
    }

    void dropped() {
        dropped.inc();
    }
}
