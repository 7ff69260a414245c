package io.webhookdb.controlplane.provisioner;

import io.webhookdb.controlplane.database.ProvisioningQueue;
import io.webhookdb.controlplane.provisioner.WorkList.Listed;
import io.webhookdb.controlplane.provisioner.rotation.Rotation;
import io.webhookdb.schemas.control.ControlRecord;
import io.webhookdb.schemas.control.DefinitionControl;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
    private static final Duration A_MOMENT = Duration.ofMillis(300);

    private final Jdbi jdbi;
    private final ControlPublisher publisher;
    private final ServerWork work;
    private final TenantWork tenants;
    private final ServerLanes lanes;
    private final Tenancy tenancy;
    private final MigrationWork migrations;
    private final ColumnWork columns;

    /** Hashes of definitions that are on the topic. */
    private final Set<String> definitions = new HashSet<>();

    Cycle(
            Jdbi jdbi,
            ControlPublisher publisher,
            ServerWork work,
            ServerLanes lanes,
            Tenancy tenancy,
            MigrationWork migrations) {
        this.jdbi = jdbi;
        this.publisher = publisher;
        this.work = work;
        this.tenants = new TenantWork(work.jdbi(), work);
        this.lanes = lanes;
        this.tenancy = tenancy;
        this.migrations = migrations;
        this.columns = new ColumnWork(work);
    }

    /**
     * Looks once. When it returns {@link Extent#WHOLE}, every change that was committed before the
     * call, and does not wait for a replication server, is published.
     */
    Extent run() {
        Plan plan = new Plan();
        int looked =
                jdbi.inTransaction(
                        TransactionIsolationLevel.REPEATABLE_READ,
                        handle -> {
                            List<Listed> due = WorkList.due(handle);
                            due.forEach(listed -> look(handle, listed, plan));
                            return due.size();
                        });
        publisher.publish(plan.records);
        if (!plan.notes.isEmpty()) {
            jdbi.useTransaction(handle -> plan.notes.forEach(note -> note.write(handle)));
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

    private void look(Handle handle, Listed listed, Plan plan) {
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
                case SAVED_VIEW -> savedView(handle, listed, plan);
                case READER_ROLL -> readerRoll(handle, listed, plan);
                case MIGRATION -> migration(handle, listed, plan);
                case COLUMN_FILL -> columnFill(handle, listed, plan);
                case ROTATION -> rotation(handle, listed, plan);
            }
        } catch (IllegalStateException e) {
            // One broken row must not keep the others from being published.
            Duration wait = Backoff.after(listed.failures() + 1);
            LOG.error("{} cannot be provisioned, next attempt in {}", listed.name(), wait, e);
            plan.notes.add(
                    later -> WorkList.failed(later, listed, wait, ServerFailure.INTERNAL.name()));
        }
    }

    private void organization(Handle handle, Listed listed, Plan plan) {
        Optional<OrganizationRow> found = Ledger.organization(handle, listed.entity());
        if (found.isEmpty()) {
            plan.done(listed);
            return;
        }
        OrganizationRow row = found.get();
        switch (Decision.of(row)) {
            case PLACE ->
                    plan.notes.add(
                            later -> Ledger.place(later, row.id(), tenancy.place(later, row.id())));
            case BUILD -> submit(listed, row, work.build(listed, row), plan);
            case PUBLISH -> {
                plan.records.add(ControlRecords.of(row));
                plan.published(listed, row.revision());
            }
            default -> plan.done(listed);
        }
    }

    private void integration(Handle handle, Listed listed, Plan plan) {
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
            case BUILD -> submit(listed, row.organization(), work.build(listed, row), plan);
            case RENAME -> submit(listed, row.organization(), work.rename(listed, row), plan);
            case BURY -> submit(listed, row.organization(), work.bury(listed, row), plan);
            case DROP -> submit(listed, row.organization(), work.drop(listed, row), plan);
            case EXTEND -> {
                if (MigrationLedger.running(handle, row.organization().id())) {
                    plan.defer(listed);
                } else {
                    submit(listed, row.organization(), columns.add(listed, row), plan);
                }
            }
            case PUBLISH, ANNOUNCE -> publish(handle, listed, row, plan);
            case FORGET -> {
                plan.notes.add(later -> Ledger.forgotten(later, row.id()));
                plan.done(listed);
            }
            case WAIT -> plan.defer(listed);
            default -> plan.done(listed);
        }
    }

    /** Its table is queued or being made, on a server that may not answer. */
    private void announceWhatIsLate(Handle handle, Listed listed, Plan plan) {
        Ledger.integration(handle, listed.entity())
                .filter(row -> Decision.of(row) == Decision.ANNOUNCE)
                .ifPresent(row -> publish(handle, listed, row, plan));
    }

    private void publish(Handle handle, Listed listed, IntegrationRow row, Plan plan) {
        unpublished(handle, row.definitionHash())
                .ifPresent(
                        definition -> {
                            plan.records.add(definition);
                            plan.notes.add(later -> definitionPublished(definition.hash()));
                        });
        plan.records.add(ControlRecords.of(row));
        plan.published(listed, row.revision());
    }

    private void document(Handle handle, Listed listed, Plan plan) {
        Optional<DocumentRow> found = DocumentRow.find(handle, listed.entity());
        if (found.isEmpty()) {
            plan.done(listed);
            return;
        }
        switch (Decision.of(found.get())) {
            case PUBLISH -> {
                plan.records.add(found.get().record());
                plan.published(listed, found.get().revision());
            }
            case WAIT -> plan.defer(listed);
            default -> plan.done(listed);
        }
    }

    private void savedView(Handle handle, Listed listed, Plan plan) {
        Optional<SavedViewRow> found = SavedViewLedger.view(handle, listed.entity());
        if (found.isEmpty() || found.get().asWanted()) {
            plan.done(listed);
        } else if (found.get().organization().databaseReady()
                && !found.get().organization().held()) {
            SavedViewRow view = found.get();
            submit(listed, view.organization(), tenants.build(listed, view), plan);
        } else {
            plan.defer(listed);
        }
    }

    private void readerRoll(Handle handle, Listed listed, Plan plan) {
        Optional<ReaderRollRow> found = ReaderRollLedger.roll(handle, listed.entity());
        if (found.isEmpty()) {
            plan.done(listed);
            return;
        }
        ReaderRollRow roll = found.get();
        if (!roll.organization().databaseReady()) {
            plan.defer(listed);
            return;
        }
        Instant now = Instant.now();
        switch (roll.next(now)) {
            case NAME -> plan.notes.add(later -> tenancy.nameReader(later, roll));
            case MAKE -> submit(listed, roll.organization(), tenants.make(listed, roll), plan);
            case WAIT -> {
                Duration wait = Duration.between(now, roll.endsAt().orElseThrow());
                plan.notes.add(later -> WorkList.defer(later, listed, wait));
            }
            case END -> submit(listed, roll.organization(), tenants.end(listed, roll), plan);
            case NOTHING -> plan.done(listed);
        }
    }

    private void migration(Handle handle, Listed listed, Plan plan) {
        Optional<MigrationRow> found = MigrationLedger.migration(handle, listed.entity());
        if (found.isEmpty()) {
            plan.done(listed);
            return;
        }
        MigrationRow row = found.get();
        OrganizationRow organization = row.organization();
        boolean quiet = EpochReports.complete(handle, organization.id(), row.target().epoch());
        // Of its own: a copy takes long and must not keep others of its server waiting.
        String lane = listed.name();
        switch (MigrationStep.of(row, quiet, Instant.now(), migrations.longestHold())) {
            case COPY -> lanes.submit(lane, listed.name(), migrations.copy(listed, row));
            case WAIT -> plan.defer(listed);
            case SETTLE -> submit(listed, organization, migrations.settle(row), plan);
            case SWITCH -> lanes.submit(lane, listed.name(), migrations.finish(listed, row));
            case RETURN -> lanes.submit(lane, listed.name(), migrations.giveBack(listed, row));
            case NOTHING -> plan.done(listed);
        }
    }

    private void columnFill(Handle handle, Listed listed, Plan plan) {
        Optional<ColumnFill> found = ColumnFill.find(handle, listed.entity());
        if (found.isEmpty()
                || found.get().finished()
                || found.get().integration().state() == ControlRecord.State.DELETED) {
            plan.done(listed);
            return;
        }
        ColumnFill fill = found.get();
        OrganizationRow organization = fill.integration().organization();
        Duration wait = Duration.between(Instant.now(), ColumnWork.notBefore(fill));
        if (wait.toMillis() > 0) {
            plan.notes.add(later -> WorkList.defer(later, listed, wait));
        } else if (MigrationLedger.running(handle, organization.id())) {
            plan.defer(listed);
        } else {
            // Beside the server's own lane: it takes long and nobody should wait for it.
            String lane = "columns of " + organization.database().orElseThrow().server();
            if (lanes.submit(lane, listed.name(), columns.fill(listed, fill))
                    == ServerLanes.Submission.FULL) {
                plan.defer(listed);
            }
        }
    }

    private static void rotation(Handle handle, Listed listed, Plan plan) {
        Rotation.published(handle, listed.entity()).ifPresent(plan.records::add);
        plan.done(listed);
    }

    private void submit(Listed listed, OrganizationRow organization, Runnable task, Plan plan) {
        String server = organization.database().orElseThrow().server();
        if (lanes.submit(server, listed.name(), task) == ServerLanes.Submission.FULL) {
            plan.defer(listed);
        }
    }

    /** Something to write once everything is published. */
    private interface Note {
        void write(Handle handle);
    }

    /** What one look comes to. */
    private static final class Plan {
        private final List<ControlRecord> records = new ArrayList<>();
        private final List<Note> notes = new ArrayList<>();

        /** The entry stays: the entity is looked at once more, for what comes after publishing. */
        private void published(Listed listed, long revision) {
            notes.add(handle -> Ledger.published(handle, listed.kind(), listed.entity(), revision));
        }

        private void done(Listed listed) {
            notes.add(handle -> WorkList.done(handle, listed));
        }

        private void defer(Listed listed) {
            notes.add(handle -> WorkList.defer(handle, listed, A_MOMENT));
        }
    }
}
