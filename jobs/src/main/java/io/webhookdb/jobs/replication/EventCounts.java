package io.webhookdb.jobs.replication;

import io.webhookdb.connectors.control.ControlDirectory;
import io.webhookdb.connectors.kafka.IncomingEvent;
import io.webhookdb.connectors.kafka.OutgoingRecord;
import io.webhookdb.connectors.status.IntegrationReports;
import io.webhookdb.schemas.control.IntegrationControl;
import io.webhookdb.schemas.event.Event;
import io.webhookdb.schemas.event.Origin;
import io.webhookdb.schemas.status.IntegrationTally;
import java.util.function.Consumer;

/**
 * Counts what became of events, per integration. An event counts when it is decided on, so one that
 * waits for its integration does not count before it is released or given up. Only what a vendor
 * pushed is a request received: fetched objects never were, and replayed ones were before.
 */
final class EventCounts {
    private final IntegrationReports reports;

    EventCounts(IntegrationReports reports) {
        this.reports = reports;
    }

    /** Counts a translated event. */
    void count(
            IncomingEvent incoming,
            EventTranslator.Translation translation,
            ControlDirectory control) {
        if (translation instanceof EventTranslator.Rows
                || translation instanceof EventTranslator.Ignored) {
            received(incoming, control);
        } else if (translation instanceof EventTranslator.Dead) {
            dead(incoming, control);
        }
    }

    /** Counts an event that is a dead letter; not if nobody knows whose it is. */
    void dead(IncomingEvent incoming, ControlDirectory control) {
        IntegrationTally tally = received(incoming, control);
        if (tally != null) {
            tally.dead();
        }
    }

    private IntegrationTally received(IncomingEvent incoming, ControlDirectory control) {
        Event event = incoming.event();
        IntegrationControl integration =
                event == null ? null : control.integration(event.integration());
        if (integration == null) {
            return null;
        }
        IntegrationTally tally = reports.of(integration.organization(), integration.id());
        if (event.origin() == Origin.WEBHOOK) {
            tally.received(event.body().length);
        }
        return tally;
    }

    /** Reports what has changed. */
    void send(Consumer<OutgoingRecord> output) {
        reports.send(output);
    }
}
