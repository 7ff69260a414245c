package io.webhookdb.jobs.replication;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.webhookdb.connectors.control.ControlDirectory;
import io.webhookdb.connectors.kafka.DeadLetters;
import io.webhookdb.connectors.kafka.IncomingEvent;
import io.webhookdb.connectors.kafka.OutgoingRecord;
import io.webhookdb.connectors.replica.SourcedRow;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.DefinitionControl;
import io.webhookdb.schemas.control.IntegrationControl;
import io.webhookdb.schemas.control.OrganizationControl;
import io.webhookdb.schemas.deadletter.DeadLetter.Reason;
import io.webhookdb.schemas.event.BackfillMark;
import io.webhookdb.schemas.event.Event;
import io.webhookdb.schemas.fetch.FetchOrder;
import io.webhookdb.schemas.row.Extraction;
import io.webhookdb.schemas.row.RowExtractor;
import io.webhookdb.schemas.row.RowUpdate;
import io.webhookdb.schemas.trace.TraceContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns an event into rows by what is known of its integration. Not thread-safe: extractors are
 * kept per definition.
 */
final class EventTranslator {
    private final Map<String, RowExtractor> extractors = new HashMap<>();

    /** What an event turned into. */
    sealed interface Translation {}

    /**
     * Rows to order.
     *
     * @param drift how many columns were missing or ill-typed
     * @param order what is to be fetched afterwards; null: nothing
     */
    record Rows(List<SourcedRow> rows, int drift, OutgoingRecord order) implements Translation {}

    /** An event that can never become a row. */
    record Dead(OutgoingRecord letter) implements Translation {}

    /**
     * Something the event needs is not known yet.
     *
     * @param missing what, for people
     * @param control key of the control record that may bring it
     */
    record Unknown(String missing, String control) implements Translation {}

    /** The event only names a resource, which is to be fetched. */
    record Fetch(OutgoingRecord order) implements Translation {}

    /** Nothing to do: a ping, an event of another kind. */
    record Ignored() implements Translation {}

    /** The integration or its organization was deleted. */
    record Deleted() implements Translation {}

    /** Never throws for what an event holds. */
    Translation translate(IncomingEvent incoming, ControlDirectory control) {
        Event event = incoming.event();
        if (event == null) {
            return new Dead(
                    DeadLetters.of(incoming, 0, Reason.MALFORMED_RECORD, incoming.defect()));
        }
        IntegrationControl integration = control.integration(event.integration());
        if (integration == null) {
            return new Unknown(
                    "integration " + event.integration(),
                    IntegrationControl.key(event.integration()));
        }
        if (integration.state() == State.DELETED) {
            return new Deleted();
        }
        if (integration.revision() < event.integrationRevision()) {
            return new Unknown(
                    "revision "
                            + event.integrationRevision()
                            + " of integration "
                            + integration.id(),
                    integration.key());
        }
        return translate(incoming, integration, control);
    }

    private Translation translate(
            IncomingEvent incoming, IntegrationControl integration, ControlDirectory control) {
        OrganizationControl organization = control.organization(integration.organization());
        if (organization == null) {
            return new Unknown(
                    "organization " + integration.organization(),
                    OrganizationControl.key(integration.organization()));
        }
        if (organization.state() == State.DELETED) {
            return new Deleted();
        }
        ServiceDefinition definition = control.definition(integration.definition());
        if (definition == null) {
            return new Unknown(
                    "definition " + integration.definition(),
                    DefinitionControl.key(integration.definition()));
        }
        RowExtractor extractor =
                extractors.computeIfAbsent(
                        integration.definition(), hash -> new RowExtractor(definition));
        return translate(incoming, integration, extractor);
    }

    private static Translation translate(
            IncomingEvent incoming, IntegrationControl integration, RowExtractor extractor) {
        Extraction extraction;
        try {
            extraction =
                    extractor.extract(
                            incoming.event(), integration.organization(), integration.epoch());
        } catch (RuntimeException e) {
            // An extractor's mistake about one body must not stop every organization's events.
            return new Dead(
                    DeadLetters.of(
                            incoming,
                            integration.organization(),
                            Reason.MAPPING_FAILED,
                            e.getClass().getSimpleName() + " in " + integration.service()));
        }
        if (extraction instanceof Extraction.Rows rows) {
            String run = BackfillMark.of(incoming.event());
            TraceContext trace = TraceContext.of(incoming.event());
            return new Rows(
                    rows.updates().stream()
                            .map(
                                    update ->
                                            new SourcedRow(
                                                    update,
                                                    incoming.event().origin(),
                                                    incoming.topic(),
                                                    incoming.partition(),
                                                    incoming.offset(),
                                                    run,
                                                    trace))
                            .toList(),
                    rows.drift().size(),
                    rows.starts() == null ? null : started(integration, rows));
        }
        if (extraction instanceof Extraction.Poison poison) {
            return new Dead(
                    DeadLetters.of(
                            incoming,
                            integration.organization(),
                            poison.reason(),
                            poison.message()));
        }
        if (extraction instanceof Extraction.Notification named) {
            return new Fetch(
                    new OutgoingRecord(
                            integration.id().getBytes(UTF_8),
                            new FetchOrder(
                                            integration.id(),
                                            integration.organization(),
                                            named.reference())
                                    .encode()));
        }
        return new Ignored();
    }

    /** The order for what depends on a row that just came. */
    private static OutgoingRecord started(IntegrationControl integration, Extraction.Rows rows) {
        RowUpdate row = rows.updates().get(0);
        return new OutgoingRecord(
                integration.id().getBytes(UTF_8),
                FetchOrder.ofRow(
                                integration.id(),
                                integration.organization(),
                                row.key(),
                                rows.starts(),
                                row.data())
                        .encode());
    }
}
