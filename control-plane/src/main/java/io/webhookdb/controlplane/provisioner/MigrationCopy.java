package io.webhookdb.controlplane.provisioner;

import io.webhookdb.controlplane.provisioner.MigrationFailure.OfTarget;
import io.webhookdb.controlplane.provisioner.MigrationLedger.MovingTable;
import io.webhookdb.controlplane.provisioner.MigrationLedger.Progress;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Jdbi;

/**
 * Both databases of a migration, open: what is copied from the one to the other, page by page and
 * noted, so that it goes on where it was ended.
 */
final class MigrationCopy implements AutoCloseable {
    /**
     * A row gets its time in the statement that writes it and is seen when that commits. Longer
     * than a writer's connection lets two statements and a commit take.
     */
    private static final long MARGIN_MICROS = TimeUnit.SECONDS.toMicros(120);

    /** Rows that change during a pass are few if it took no longer. */
    private static final Duration SHORT_PASS = Duration.ofSeconds(5);

    private static final int MOST_PASSES = 5;

    private final Jdbi jdbi;
    private final MigrationRow migration;
    private final Connection source;
    private final MigrationTarget target;
    private final String oldSchema;
    private final int pageRows;

    /**
     * @param pageRows rows of a page
     */
    MigrationCopy(
            Jdbi jdbi,
            MigrationRow migration,
            Connection source,
            MigrationTarget target,
            int pageRows) {
        this.jdbi = jdbi;
        this.pageRows = pageRows;
        this.migration = migration;
        this.source = source;
        this.target = target;
        this.oldSchema = migration.organization().database().orElseThrow().schema();
    }

    List<MovingTable> tables() {
        return jdbi.withHandle(
                handle -> MigrationLedger.tables(handle, migration.organization().id()));
    }

    void prepare() throws OfTarget {
        try {
            target.prepareSchema();
        } catch (SQLException e) {
            throw new OfTarget(e);
        }
    }

    void copy(MovingTable table) throws SQLException, OfTarget {
        Progress progress = progress(table);
        if (progress.finished()) {
            return;
        }
        TableCopy copy = of(table);
        TableCopy.Page page = new TableCopy.Page(progress.cursor(), pageRows);
        while (page.rows() == pageRows) {
            if (Thread.currentThread().isInterrupted()) {
                throw new SQLException("The provisioner stops", "57P01");
            }
            page = copy.page(page.last(), pageRows);
            note(table, page);
        }
        jdbi.useHandle(
                handle ->
                        MigrationLedger.tableFinished(handle, migration.id(), table.integration()));
    }

    private void note(MovingTable table, TableCopy.Page page) {
        jdbi.useHandle(
                handle ->
                        MigrationLedger.copied(
                                handle,
                                migration.id(),
                                table.integration(),
                                page.last(),
                                page.rows()));
    }

    private Progress progress(MovingTable table) throws SQLException, OfTarget {
        Optional<Progress> known =
                jdbi.withHandle(
                        handle ->
                                MigrationLedger.progress(
                                        handle, migration.id(), table.integration()));
        if (known.isPresent()) {
            return known.get();
        }
        try {
            target.prepareTable(table, definition(table));
        } catch (SQLException e) {
            throw new OfTarget(e);
        }
        long since = TableCopy.clockMicros(source) - MARGIN_MICROS;
        long rows = of(table).rows();
        jdbi.useHandle(
                handle ->
                        MigrationLedger.tableStarted(
                                handle, migration.id(), table.integration(), rows, since));
        return new Progress(0, since, false);
    }

    /** What changed during a long copy, so that writers wait only for what little is left. */
    void catchUp() throws SQLException, OfTarget {
        long before = Long.MAX_VALUE;
        for (int pass = 0; pass < MOST_PASSES; pass++) {
            long start = System.nanoTime();
            for (MovingTable table : tables()) {
                long since = TableCopy.clockMicros(source) - MARGIN_MICROS;
                of(table).since(progress(table).sinceMicros());
                jdbi.useHandle(
                        handle ->
                                MigrationLedger.caughtUp(
                                        handle, migration.id(), table.integration(), since));
            }
            long took = System.nanoTime() - start;
            if (took < SHORT_PASS.toNanos() || took > before / 2) {
                return;
            }
            before = took;
        }
    }

    void views() throws OfTarget {
        List<SavedViewRow> views =
                jdbi.withHandle(
                        handle -> SavedViewLedger.wanted(handle, migration.organization().id()));
        for (SavedViewRow view : views) {
            try {
                target.prepareView(view);
            } catch (SQLException e) {
                throw new OfTarget(e);
            }
        }
    }

    void fence(MovingTable table) throws SQLException {
        Fence.raise(source, oldSchema, table.table());
    }

    void rest(MovingTable table) throws SQLException, OfTarget {
        TableCopy copy = of(table);
        copy.since(progress(table).sinceMicros());
        copy.finish();
    }

    private TableCopy of(MovingTable table) {
        return new TableCopy(
                source,
                oldSchema,
                target.connection(),
                migration.target().schema(),
                table.table(),
                definition(table));
    }

    private ServiceDefinition definition(MovingTable table) {
        return jdbi.withHandle(handle -> Definitions.read(handle, table.definitionHash()));
    }

    @Override
    public void close() throws SQLException {
        try (source;
                target) {
            return;
        }
    }
}
