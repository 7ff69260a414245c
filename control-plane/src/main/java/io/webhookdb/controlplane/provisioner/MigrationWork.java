package io.webhookdb.controlplane.provisioner;

import io.webhookdb.controlplane.database.CustomerUrl;
import io.webhookdb.controlplane.provisioner.MigrationFailure.OfTarget;
import io.webhookdb.controlplane.provisioner.MigrationLedger.MovingTable;
import io.webhookdb.controlplane.provisioner.MigrationLedger.Progress;
import io.webhookdb.controlplane.provisioner.OrganizationRow.DatabaseRow;
import io.webhookdb.controlplane.provisioner.WorkList.Listed;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.security.connection.PostgresUrl;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps of a migration. Each may end anywhere and is repeated from what was noted.
 *
 * <pre>
 *  copy, while the old database is written ─▶ hold writers ─▶ copy what changed, compare ─▶ switch
 * </pre>
 *
 * <p>Nothing arrives in the new database before its copy, so rows keep their primary keys and their
 * history, and nobody is told of a row that readers do not see.
 */
final class MigrationWork {
    private static final Logger LOG = LoggerFactory.getLogger(MigrationWork.class);

    /**
     * A row gets its time in the statement that writes it and is seen when that commits. Longer
     * than a writer's connection lets two statements and a commit take.
     */
    private static final long MARGIN_MICROS = TimeUnit.SECONDS.toMicros(120);

    /** Rows that change during a pass are few if it took no longer. */
    private static final Duration SHORT_PASS = Duration.ofSeconds(5);

    private static final int MOST_PASSES = 5;

    private final Jdbi jdbi;
    private final ServerWork servers;
    private final MigrationSettings settings;

    MigrationWork(ServerWork servers, MigrationSettings settings) {
        this.jdbi = servers.jdbi();
        this.servers = servers;
        this.settings = settings;
    }

    Duration longestHold() {
        return settings.longestHold();
    }

    /** Copies all tables, then has writers hold. */
    Runnable copy(Listed listed, MigrationRow migration) {
        return noting(
                listed,
                migration,
                move -> {
                    jdbi.useHandle(handle -> MigrationLedger.started(handle, migration.id()));
                    move.prepare();
                    for (MovingTable table : move.tables()) {
                        move.copy(table);
                    }
                    move.catchUp();
                    move.views();
                    jdbi.useTransaction(handle -> MigrationLedger.hold(handle, migration));
                    LOG.info("{}: tables are copied, writers are asked to wait", migration);
                });
    }

    /** Runs after everything that was begun on the old database. */
    Runnable settle(MigrationRow migration) {
        return () -> jdbi.useTransaction(handle -> MigrationLedger.settled(handle, migration));
    }

    /** Copies what changed and makes the new database everyone's. */
    Runnable finish(Listed listed, MigrationRow migration) {
        return noting(
                listed,
                migration,
                move -> {
                    List<MovingTable> tables = move.tables();
                    for (MovingTable table : tables) {
                        move.copy(table);
                    }
                    for (MovingTable table : tables) {
                        move.fence(table);
                    }
                    for (MovingTable table : tables) {
                        move.rest(table);
                    }
                    jdbi.useTransaction(handle -> MigrationLedger.switched(handle, migration));
                    LOG.info("{}: finished", migration);
                });
    }

    /** Gives the old database back to its writers and ends the migration. */
    Runnable giveBack(Listed listed, MigrationRow migration) {
        return () -> {
            try {
                if (migration.holds()) {
                    lowerFences(migration);
                }
                jdbi.useTransaction(
                        handle ->
                                MigrationLedger.returned(
                                        handle,
                                        migration,
                                        "Writers did not get to the new database within "
                                                + settings.longestHold().toSeconds()
                                                + " seconds."));
                LOG.warn("{} was given up", migration);
            } catch (SQLException | RuntimeException e) {
                later(listed, migration, e);
            }
        };
    }

    private void lowerFences(MigrationRow migration) throws SQLException {
        DatabaseRow old = migration.organization().database().orElseThrow();
        try (Connection source =
                AdminConnections.open(servers.owner(migration.organization().id(), old))) {
            for (MovingTable table :
                    jdbi.withHandle(
                            handle ->
                                    MigrationLedger.tables(
                                            handle, migration.organization().id()))) {
                Fence.lower(source, old.schema(), table.table());
            }
        }
    }

    /** Something that may fail as servers do. */
    private interface Step {
        void run(Move move) throws SQLException, OfTarget;
    }

    private Runnable noting(Listed listed, MigrationRow migration, Step step) {
        return () -> {
            try (Move move = open(migration)) {
                step.run(move);
            } catch (SQLException | OfTarget | RuntimeException e) {
                if (MigrationFailure.of(e) == MigrationFailure.CONFIGURATION) {
                    LOG.warn("{} fails: {}", migration, MigrationFailure.words(e));
                    jdbi.useHandle(
                            handle ->
                                    MigrationLedger.giveUp(
                                            handle, migration.id(), MigrationFailure.words(e)));
                } else {
                    later(listed, migration, e);
                }
            }
        };
    }

    private void later(Listed listed, MigrationRow migration, Exception e) {
        Duration wait = Backoff.after(listed.failures() + 1);
        if (e instanceof RuntimeException) {
            LOG.error("{} is interrupted, next attempt in {}", migration, wait, e);
        } else {
            LOG.warn(
                    "{} is interrupted: {} Next attempt in {}",
                    migration,
                    MigrationFailure.words(e),
                    wait);
        }
        try {
            jdbi.useTransaction(
                    handle -> {
                        MigrationLedger.problem(handle, migration.id(), MigrationFailure.words(e));
                        WorkList.failed(handle, listed, wait, ServerFailure.sqlState(e));
                    });
        } catch (RuntimeException unnoted) {
            LOG.warn("{}: the failure could not be noted; it will be tried at once", migration);
        }
    }

    private Move open(MigrationRow migration) throws SQLException, OfTarget {
        long organization = migration.organization().id();
        DatabaseRow old = migration.organization().database().orElseThrow();
        DatabaseRow fresh = migration.target();
        Connection source = AdminConnections.openForCopy(servers.owner(organization, old));
        try {
            PostgresUrl url =
                    CustomerUrl.judged(servers.ownerUrl(organization, fresh), settings.outbound());
            return new Move(migration, source, MigrationTarget.open(url, fresh, migration.id()));
        } catch (SQLException e) {
            source.close();
            throw new OfTarget(e);
        }
    }

    /** Both databases, open. */
    private final class Move implements AutoCloseable {
        private final MigrationRow migration;
        private final Connection source;
        private final MigrationTarget target;
        private final String oldSchema;

        Move(MigrationRow migration, Connection source, MigrationTarget target) {
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
            TableCopy.Page page = new TableCopy.Page(progress.cursor(), settings.pageRows());
            while (page.rows() == settings.pageRows()) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new SQLException("The provisioner stops", "57P01");
                }
                page = copy.page(page.last(), settings.pageRows());
                note(table, page);
            }
            jdbi.useHandle(
                    handle ->
                            MigrationLedger.tableFinished(
                                    handle, migration.id(), table.integration()));
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
                            handle ->
                                    SavedViewLedger.wanted(handle, migration.organization().id()));
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
}
