package io.webhookdb.controlplane.provisioner;

import io.webhookdb.controlplane.database.ProvisioningQueue.Kind;
import io.webhookdb.controlplane.provisioner.WorkList.Listed;
import io.webhookdb.schemas.control.ControlRecord;
import io.webhookdb.schemas.control.DefinitionControl;
import java.time.Duration;
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
    private final ServerLanes lanes;
    private final Tenancy tenancy;

    /** Hashes of definitions that are on the topic. */
    private final Set<String> definitions = new HashSet<>();

    Cycle(
            Jdbi jdbi,
            ControlPublisher publisher,
            ServerWork work,
            ServerLanes lanes,
            Tenancy tenancy) {
        this.jdbi = jdbi;
        this.publisher = publisher;
        this.work = work;
        this.lanes = lanes;
        this.tenancy = tenancy;
    }

    /**
     * Looks once. When it returns, every change that was committed before the call, and does not
     * wait for a replication server, is published.
     */
    void run() {
        Plan plan = new Plan();
        jdbi.useTransaction(
                TransactionIsolationLevel.REPEATABLE_READ,
                handle -> WorkList.due(handle).forEach(listed -> look(handle, listed, plan)));
        publisher.publish(plan.records);
        if (!plan.notes.isEmpty()) {
            jdbi.useTransaction(handle -> plan.notes.forEach(note -> note.write(handle)));
        }
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
            return;
        }
        try {
            if (listed.kind() == Kind.ORGANIZATION) {
                organization(handle, listed, plan);
            } else {
                integration(handle, listed, plan);
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
        switch (Decision.of(row)) {
            case BUILD -> submit(listed, row.organization(), work.build(listed, row), plan);
            case RENAME -> submit(listed, row.organization(), work.rename(listed, row), plan);
            case DROP -> submit(listed, row.organization(), work.drop(listed, row), plan);
            case PUBLISH -> {
                unpublished(handle, row.definitionHash())
                        .ifPresent(
                                definition -> {
                                    plan.records.add(definition);
                                    plan.notes.add(later -> definitionPublished(definition.hash()));
                                });
                plan.records.add(ControlRecords.of(row));
                plan.published(listed, row.revision());
            }
            case FORGET -> {
                plan.notes.add(later -> Ledger.forgotten(later, row.id()));
                plan.done(listed);
            }
            case WAIT -> plan.defer(listed);
            default -> plan.done(listed);
        }
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
