package io.webhookdb.controlplane.provisioner;

import io.webhookdb.controlplane.database.ProvisioningQueue;
import io.webhookdb.controlplane.provisioner.WorkList.Listed;
import io.webhookdb.controlplane.provisioner.rotation.Rotation;
import io.webhookdb.schemas.control.DefinitionControl;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One look at the list: reads it in one snapshot, decides for each entity, publishes, and only then
 * notes what was published.
 */
final class Cycle {
    private static final Logger LOG = LoggerFactory.getLogger(Cycle.class);

    private final Jdbi jdbi;
    private final ControlPublisher publisher;
    private final ServerWork work;
    private final ServerLanes lanes;
    private final Tenancy tenancy;
    private final DatabaseCycle databases;
    private final ColumnWork columns;

    /** Hashes of definitions that are on the topic. */
    private final Set<String> definitions = new HashSet<>();

    Cycle(
            Jdbi jdbi,
            ControlPublisher publisher,
            ServerWork work,
            ServerLanes lanes,
            Tenancy tenancy,
            MigrationWork migrations,
            ColumnWork columns) {
        this.jdbi = jdbi;
        this.publisher = publisher;
        this.work = work;
        this.lanes = lanes;
        this.tenancy = tenancy;
        this.columns = columns;
        this.databases =
                new DatabaseCycle(
                        new TenantWork(work.jdbi(), work), lanes, tenancy, migrations, columns);
    }

    /**
     * Looks once. When it returns {@link Extent#WHOLE}, every change that was committed before the
     * call, and does not wait for a replication server, is published.
     */
    Extent run() {
        CyclePlan plan = new CyclePlan(lanes);
        int looked =
                jdbi.inTransaction(
                        TransactionIsolationLevel.REPEATABLE_READ,
                        handle -> {
                            List<Listed> due = WorkList.due(handle);
                            due.forEach(listed -> look(handle, listed, plan));
                            return due.size();
                        });
        publisher.publish(plan.records());
        if (!plan.notes().isEmpty()) {
            jdbi.useTransaction(handle -> plan.notes().forEach(note -> note.write(handle)));
        }
        return looked < WorkList.AT_ONCE ? Extent.WHOLE : Extent.PART;
    }

    /** How much of the list one look saw. */
    enum Extent {
        WHOLE,
        PART
    }

    /** A definition, before the first integration that refers to it. */
    Optional<DefinitionControl> unpublished(Handle handle, String hash) {
        return definitions.contains(hash)
                ? Optional.empty()
                : Optional.of(new DefinitionControl(hash, Definitions.read(handle, hash)));
    }

    void definitionPublished(String hash) {
        definitions.add(hash);
    }

    private void look(Handle handle, Listed listed, CyclePlan plan) {
        if (lanes.busy(listed.name())) {
            if (listed.kind() == ProvisioningQueue.Kind.INTEGRATION) {
                announceWhatIsLate(handle, listed, plan);
            }
            return;
        }
        try {
            switch (listed.kind()) {
                case ORGANIZATION -> organization(handle, listed, plan);
                case INTEGRATION -> integration(handle, listed, plan);
                case DOCUMENT -> document(handle, listed, plan);
                case SAVED_VIEW -> databases.savedView(handle, listed, plan);
                case READER_ROLL -> databases.readerRoll(handle, listed, plan);
                case MIGRATION -> databases.migration(handle, listed, plan);
                case COLUMN_FILL -> databases.columnFill(handle, listed, plan);
                case ROTATION -> rotation(handle, listed, plan);
            }
        } catch (IllegalStateException e) {
            // One broken row must not keep the others from being published.
            Duration wait = Backoff.after(listed.failures() + 1);
            LOG.error("{} cannot be provisioned, next attempt in {}", listed.name(), wait, e);
            plan.note(later -> WorkList.failed(later, listed, wait, ServerFailure.INTERNAL.name()));
        }
    }

    private void organization(Handle handle, Listed listed, CyclePlan plan) {
        Optional<OrganizationRow> found = Ledger.organization(handle, listed.entity());
        if (found.isEmpty()) {
            plan.done(listed);
            return;
        }
        OrganizationRow row = found.get();
        switch (Decision.of(row)) {
            case PLACE ->
                    plan.note(
                            later -> Ledger.place(later, row.id(), tenancy.place(later, row.id())));
            case BUILD -> plan.submit(listed, row, work.build(listed, row));
            case PUBLISH -> {
                plan.publish(ControlRecords.of(row));
                plan.published(listed, row.revision());
            }
            default -> plan.done(listed);
        }
    }

    private void integration(Handle handle, Listed listed, CyclePlan plan) {
        Optional<IntegrationRow> found = Ledger.integration(handle, listed.entity());
        if (found.isEmpty()) {
            plan.done(listed);
            return;
        }
        IntegrationRow row = found.get();
        if (row.organization().held() && Decision.of(row).touchesTable()) {
            plan.defer(listed);
            return;
        }
        switch (Decision.of(row)) {
            case BUILD -> plan.submit(listed, row.organization(), work.build(listed, row));
            case RENAME -> plan.submit(listed, row.organization(), work.rename(listed, row));
            case BURY -> plan.submit(listed, row.organization(), work.bury(listed, row));
            case DROP -> plan.submit(listed, row.organization(), work.drop(listed, row));
            case EXTEND -> {
                if (MigrationLedger.running(handle, row.organization().id())) {
                    plan.defer(listed);
                } else {
                    plan.submit(listed, row.organization(), columns.add(listed, row));
                }
            }
            case PUBLISH, ANNOUNCE -> publish(handle, listed, row, plan);
            case FORGET -> {
                plan.note(later -> Ledger.forgotten(later, row.id()));
                plan.done(listed);
            }
            case WAIT -> plan.defer(listed);
            default -> plan.done(listed);
        }
    }

    /** Its table is queued or being made, on a server that may not answer. */
    private void announceWhatIsLate(Handle handle, Listed listed, CyclePlan plan) {
        Ledger.integration(handle, listed.entity())
                .filter(row -> Decision.of(row) == Decision.ANNOUNCE)
                .ifPresent(row -> publish(handle, listed, row, plan));
    }

    private void publish(Handle handle, Listed listed, IntegrationRow row, CyclePlan plan) {
        unpublished(handle, row.definitionHash())
                .ifPresent(
                        definition -> {
                            plan.publish(definition);
                            plan.note(later -> definitionPublished(definition.hash()));
                        });
        plan.publish(ControlRecords.of(row));
        plan.published(listed, row.revision());
    }

    private void document(Handle handle, Listed listed, CyclePlan plan) {
        Optional<DocumentRow> found = DocumentRow.find(handle, listed.entity());
        if (found.isEmpty()) {
            plan.done(listed);
            return;
        }
        switch (Decision.of(found.get())) {
            case PUBLISH -> {
                plan.publish(found.get().record());
                plan.published(listed, found.get().revision());
            }
            case WAIT -> plan.defer(listed);
            default -> plan.done(listed);
        }
    }

    private static void rotation(Handle handle, Listed listed, CyclePlan plan) {
        Rotation.published(handle, listed.entity()).ifPresent(plan::publish);
        plan.done(listed);
    }
}
