package io.webhookdb.controlplane.provisioner;

import io.webhookdb.controlplane.database.CustomerUrl;
import io.webhookdb.controlplane.provisioner.MigrationFailure.OfTarget;
import io.webhookdb.controlplane.provisioner.MigrationLedger.MovingTable;
import io.webhookdb.controlplane.provisioner.OrganizationRow.DatabaseRow;
import io.webhookdb.controlplane.provisioner.WorkList.Listed;
import io.webhookdb.security.connection.PostgresUrl;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
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
                copy -> {
                    jdbi.useHandle(handle -> MigrationLedger.started(handle, migration.id()));
                    copy.prepare();
                    for (MovingTable table : copy.tables()) {
                        copy.copy(table);
                    }
                    copy.catchUp();
                    copy.views();
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
                copy -> {
                    List<MovingTable> tables = copy.tables();
                    for (MovingTable table : tables) {
                        copy.copy(table);
                    }
                    for (MovingTable table : tables) {
                        copy.fence(table);
                    }
                    for (MovingTable table : tables) {
                        copy.rest(table);
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
        void run(MigrationCopy copy) throws SQLException, OfTarget;
    }

    private Runnable noting(Listed listed, MigrationRow migration, Step step) {
        return () -> {
            try (MigrationCopy copy = open(migration)) {
                step.run(copy);
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

    private MigrationCopy open(MigrationRow migration) throws SQLException, OfTarget {
        long organization = migration.organization().id();
        DatabaseRow old = migration.organization().database().orElseThrow();
        DatabaseRow fresh = migration.target();
        Connection source = AdminConnections.openForCopy(servers.owner(organization, old));
        try {
            PostgresUrl url =
                    CustomerUrl.judged(servers.ownerUrl(organization, fresh), settings.outbound());
            return new MigrationCopy(
                    jdbi,
                    migration,
                    source,
                    MigrationTarget.open(url, fresh, migration.id()),
                    settings.pageRows());
        } catch (SQLException e) {
            source.close();
            throw new OfTarget(e);
        }
    }
}
