package io.webhookdb.ingest;

import io.webhookdb.schemas.status.IntegrationMinute;
import io.webhookdb.schemas.status.MinuteCounters;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Counts refused requests per integration and minute, for the control plane. Thread-safe. What
 * Kafka did not take is reported again, as far as it is bounded.
 */
final class RejectionReports {
    private static final int MOST_INTEGRATIONS = 10_000;

    private final Clock clock;
    private final MinuteCounters counters;
    private final List<IntegrationMinute> untaken = new ArrayList<>();

    RejectionReports(Clock clock) {
        this.clock = clock;
        this.counters =
                new MinuteCounters(
                        "ingest/" + UUID.randomUUID().toString().substring(0, 8),
                        MOST_INTEGRATIONS);
    }

    /** Counts one refused request. */
    synchronized void rejected(long organization, String integration) {
        if (!counters.isCrowded()) {
            counters.of(organization, integration, clock.millis()).rejected();
        }
    }

    /** Hands what has changed to Kafka. */
    void send(Publisher publisher) {
        for (IntegrationMinute report : changed()) {
            publisher.report(
                    report,
                    result -> {
                        if (result != PublishResult.STORED) {
                            again(report);
                        }
                    });
        }
    }

    private synchronized List<IntegrationMinute> changed() {
        List<IntegrationMinute> reports = new ArrayList<>(untaken);
        untaken.clear();
        reports.addAll(counters.changed(clock.millis()));
        return reports;
    }

    private synchronized void again(IntegrationMinute report) {
        if (untaken.size() < MOST_INTEGRATIONS) {
            untaken.add(report);
        }
    }
}
