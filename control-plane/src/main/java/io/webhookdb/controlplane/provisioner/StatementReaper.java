package io.webhookdb.controlplane.provisioner;

import io.webhookdb.security.connection.PostgresUrl;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends what readers run too long. Readers have timeouts, but Postgres lets every role lift its own;
 * this looks from outside. One thread per server, so that a dead server protects only its own.
 * Needs no application database: readers are known by their names.
 *
 * <p>A statement over the limit is cancelled, and its session ended if it does not obey. Sessions
 * are ended that sit in a transaction without doing anything: their snapshots keep dead rows.
 */
final class StatementReaper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StatementReaper.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);

    /** How long a cancelled statement may take to end. */
    private static final Duration OBEY = Duration.ofSeconds(5);

    /** How often lasting settings are looked at. */
    private static final int SETTINGS_EVERY = 10;

    private static final String OVER =
            "SELECT CASE WHEN gone THEN pg_catalog.pg_terminate_backend(pid) ELSE"
                + " pg_catalog.pg_cancel_backend(pid) END, usename, gone FROM (SELECT pid, usename,"
                + " CASE WHEN state LIKE 'idle in transaction%' THEN state_change < now() -"
                + " make_interval(secs => ?) ELSE query_start < now() - make_interval(secs => ?)"
                + " END AS gone, state NOT LIKE 'idle%' AND query_start < now() -"
                + " make_interval(secs => ?) AS late FROM pg_catalog.pg_stat_activity WHERE usename"
                + " ~ ? AND state <> 'idle') s WHERE gone OR late";

    private final List<ScheduledExecutorService> threads = new ArrayList<>();

    /**
     * Starts watching.
     *
     * @param admins administrators; one that is no superuser must be a member of the readers' roles
     * @param limit longest time of one statement
     * @param idle longest time in a transaction without a statement
     */
    StatementReaper(List<PostgresUrl> admins, Duration limit, Duration idle) {
        for (PostgresUrl admin : admins) {
            ScheduledExecutorService thread =
                    Executors.newSingleThreadScheduledExecutor(
                            task -> {
                                Thread daemon = new Thread(task, "reap-" + admin.server());
                                daemon.setDaemon(true);
                                return daemon;
                            });
            thread.scheduleWithFixedDelay(
                    new Watch(admin, limit, idle),
                    PERIOD.toMillis(),
                    PERIOD.toMillis(),
                    TimeUnit.MILLISECONDS);
            threads.add(thread);
        }
    }

    @Override
    public void close() {
        threads.forEach(ScheduledExecutorService::shutdownNow);
    }

    /** One server, over one connection that is opened anew after a failure. */
    private static final class Watch implements Runnable {
        private final PostgresUrl admin;
        private final Duration limit;
        private final Duration idle;
        private Connection connection;
        private boolean failing;
        private int rounds;

        Watch(PostgresUrl admin, Duration limit, Duration idle) {
            this.admin = admin;
            this.limit = limit;
            this.idle = idle;
        }

        @Override
        public void run() {
            try {
                if (connection == null) {
                    connection = AdminConnections.open(admin);
                }
                reap();
                if (rounds++ % SETTINGS_EVERY == 0) {
                    ReaderSettings.restore(connection, admin.server());
                }
                failing = false;
            } catch (SQLException | RuntimeException e) {
                failed(e);
            }
        }

        private void reap() throws SQLException {
            try (PreparedStatement over = connection.prepareStatement(OVER)) {
                over.setDouble(1, idle.toMillis() / 1000.0);
                over.setDouble(2, limit.plus(OBEY).toMillis() / 1000.0);
                over.setDouble(3, limit.toMillis() / 1000.0);
                over.setString(4, TenantNames.READERS);
                try (ResultSet rows = over.executeQuery()) {
                    while (rows.next()) {
                        LOG.info(
                                "Server {}: {} of reader {} after its limit",
                                admin.server(),
                                rows.getBoolean(3) ? "ended a session" : "cancelled a statement",
                                rows.getString(2));
                    }
                }
            }
        }

        private void failed(Exception e) {
            if (!failing) {
                LOG.warn(
                        "Server {}: readers' statements cannot be watched: {} ({})",
                        admin.server(),
                        ServerFailure.of(e),
                        e.getMessage());
            }
            failing = true;
            try {
                if (connection != null) {
                    connection.close();
                }
            } catch (SQLException unclosed) {
                LOG.debug("Server {}: a broken connection did not close", admin.server(), unclosed);
            }
            connection = null;
        }
    }
}
