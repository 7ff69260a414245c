package io.webhookdb.jobs.replication;

import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/** Counts of translated events, per subtask. */
final class EventMetrics {
    private final Counter translated;
    private final Counter bodyBytes;
    private final Counter dead;
    private final Counter unknown;
    private final Counter ignored;
    private final Counter ofDeleted;
    private final Counter drift;

    EventMetrics(MetricGroup group) {
        translated = group.counter("eventsTranslated");
        bodyBytes = group.counter("bodyBytes");
        dead = group.counter("eventsDead");
        unknown = group.counter("eventsOfUnknownIntegration");
        ignored = group.counter("eventsIgnored");
        ofDeleted = group.counter("eventsOfDeletedIntegration");
        drift = group.counter("columnsDrifted");
    }

    void count(int bytes, EventTranslator.Translation translation) {
        bodyBytes.inc(bytes);
        if (translation instanceof EventTranslator.Rows rows) {
            translated.inc();
            drift.inc(rows.drift());
        } else if (translation instanceof EventTranslator.Dead) {
            dead.inc();
        } else if (translation instanceof EventTranslator.Unknown) {
            unknown.inc();
        } else if (translation instanceof EventTranslator.Ignored) {
            ignored.inc();
        } else {
            ofDeleted.inc();
        }
    }
}
