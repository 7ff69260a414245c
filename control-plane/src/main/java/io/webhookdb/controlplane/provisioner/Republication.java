package io.webhookdb.controlplane.provisioner;

import io.webhookdb.schemas.control.ControlRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes everything that was published before: repairs a topic that was lost or restored, and
 * whatever a publisher wrote after it had lost its right to.
 */
final class Republication {
    private static final Logger LOG = LoggerFactory.getLogger(Republication.class);
    private static final int PAGE = 500;

    private final Jdbi jdbi;
    private final ControlPublisher publisher;
    private final Cycle cycle;

    Republication(Jdbi jdbi, ControlPublisher publisher, Cycle cycle) {
        this.jdbi = jdbi;
        this.publisher = publisher;
        this.cycle = cycle;
    }

    void run() {
        long organizations = 0;
        List<OrganizationRow> page;
        do {
            long after = organizations;
            page = jdbi.withHandle(handle -> Ledger.publishedOrganizations(handle, after, PAGE));
            publisher.publish(page.stream().map(ControlRecords::of).toList());
            organizations = last(page, OrganizationRow::id, after);
        } while (page.size() == PAGE);
        integrations();
        documents();
    }

    private void documents() {
        long documents = 0;
        List<DocumentRow> page;
        do {
            long after = documents;
            page = jdbi.withHandle(handle -> DocumentRow.published(handle, after, PAGE));
            page.forEach(this::document);
            documents = last(page, DocumentRow::id, after);
        } while (page.size() == PAGE);
    }

    private void document(DocumentRow row) {
        try {
            publisher.publish(List.of(row.record()));
        } catch (IllegalStateException e) {
            LOG.error("{} is not republished", row, e);
        }
    }

    private void integrations() {
        long integrations = 0;
        List<IntegrationRow> page;
        do {
            long after = integrations;
            page = jdbi.withHandle(handle -> Ledger.publishedIntegrations(handle, after, PAGE));
            page.forEach(this::integration);
            integrations = last(page, IntegrationRow::id, after);
        } while (page.size() == PAGE);
    }

    private void integration(IntegrationRow row) {
        List<ControlRecord> records = new ArrayList<>();
        try {
            jdbi.useHandle(
                    handle ->
                            cycle.unpublished(handle, row.definitionHash())
                                    .ifPresent(records::add));
        } catch (IllegalStateException e) {
            LOG.error("{} is not republished", row, e);
            return;
        }
        records.add(ControlRecords.of(row));
        publisher.publish(records);
        cycle.definitionPublished(row.definitionHash());
    }

    private static <T> long last(List<T> page, Function<T, Long> id, long before) {
        return page.isEmpty() ? before : id.apply(page.get(page.size() - 1));
    }
}
