package io.webhookdb.controlplane.provisioner;

import io.webhookdb.controlplane.provisioner.WorkList.Listed;
import io.webhookdb.schemas.control.ControlRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * The part of a look that is about what is inside databases, of which no control record tells:
 * saved views, readers that are rolled, databases that move, columns that are filled.
 */
final class DatabaseCycle {
    private final TenantWork tenants;
    private final ServerLanes lanes;
    private final Tenancy tenancy;
    private final MigrationWork migrations;
    private final ColumnWork columns;

    DatabaseCycle(
            TenantWork tenants,
            ServerLanes lanes,
            Tenancy tenancy,
            MigrationWork migrations,
            ColumnWork columns) {
        this.tenants = tenants;
        this.lanes = lanes;
        this.tenancy = tenancy;
        this.migrations = migrations;
        this.columns = columns;
    }

    void savedView(Handle handle, Listed listed, CyclePlan plan) {
        Optional<SavedViewRow> found = SavedViewLedger.view(handle, listed.entity());
        if (found.isEmpty() || found.get().asWanted()) {
            plan.done(listed);
        } else if (found.get().organization().databaseReady()
                && !found.get().organization().held()) {
            SavedViewRow view = found.get();
            plan.submit(listed, view.organization(), tenants.build(listed, view));
        } else {
            plan.defer(listed);
        }
    }

    void readerRoll(Handle handle, Listed listed, CyclePlan plan) {
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
            case NAME -> plan.note(later -> tenancy.nameReader(later, roll));
            case MAKE -> plan.submit(listed, roll.organization(), tenants.make(listed, roll));
            case WAIT -> {
                Duration wait = Duration.between(now, roll.endsAt().orElseThrow());
                plan.defer(listed, wait);
            }
            case END -> plan.submit(listed, roll.organization(), tenants.end(listed, roll));
            case NOTHING -> plan.done(listed);
        }
    }

    void migration(Handle handle, Listed listed, CyclePlan plan) {
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
            case SETTLE -> plan.submit(listed, organization, migrations.settle(row));
            case SWITCH -> lanes.submit(lane, listed.name(), migrations.finish(listed, row));
            case RETURN -> lanes.submit(lane, listed.name(), migrations.giveBack(listed, row));
            case NOTHING -> plan.done(listed);
        }
    }

    void columnFill(Handle handle, Listed listed, CyclePlan plan) {
        Optional<ColumnFill> found = ColumnFill.find(handle, listed.entity());
        if (found.isEmpty()
                || found.get().finished()
                || found.get().integration().state() == ControlRecord.State.DELETED) {
            plan.done(listed);
            return;
        }
        ColumnFill fill = found.get();
        OrganizationRow organization = fill.integration().organization();
        Duration wait = Duration.between(Instant.now(), columns.notBefore(fill));
        if (wait.toMillis() > 0) {
            plan.defer(listed, wait);
        } else if (MigrationLedger.running(handle, organization.id())) {
            plan.defer(listed);
        } else {
            // Beside the server's own lane: it takes long and nobody should wait for it.
            String lane = "columns of " + organization.database().orElseThrow().server();
            plan.submit(lane, listed, columns.fill(listed, fill));
        }
    }
}
