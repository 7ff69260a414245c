package io.webhookdb.controlplane.provisioner;

import io.webhookdb.controlplane.database.ApplicationDatabase;
import io.webhookdb.schemas.catalog.Catalog;
import io.webhookdb.schemas.control.ControlHeartbeat;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the list whenever it is told to, and at least every {@link #POLL}; sends heartbeats;
 * publishes everything now and then. Fails never: what goes wrong is logged and tried again.
 */
final class ProvisioningLoop implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(ProvisioningLoop.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final ProvisionerSettings settings;
    private final ApplicationDatabase database;
    private final ControlPublisher publisher;
    private final ServerWork work;
    private final ServerLanes lanes;
    private final Tenancy tenancy;
    private final List<LeaderWork> beside;
    private final CountDownLatch stop = new CountDownLatch(1);

    ProvisioningLoop(
            ProvisionerSettings settings,
            ApplicationDatabase database,
            ControlPublisher publisher,
            ServerWork work,
            ServerLanes lanes,
            Tenancy tenancy,
            List<LeaderWork> beside) {
        this.settings = settings;
        this.database = database;
        this.publisher = publisher;
        this.work = work;
        this.lanes = lanes;
        this.tenancy = tenancy;
        this.beside = List.copyOf(beside);
    }

    void stop() {
        stop.countDown();
    }

    @Override
    public void run() {
        while (!stopped(Duration.ZERO)) {
            try {
                Optional<LeaderSession> session = LeaderSession.tryBecome(database);
                if (session.isPresent()) {
                    try (LeaderSession leader = session.get()) {
                        lead(leader);
                    }
                }
            } catch (SQLException | RuntimeException e) {
                if (!stopped(Duration.ZERO)) {
                    report(e);
                }
            }
            stopped(RETRY);
        }
    }

    private void lead(LeaderSession leader) throws SQLException {
        List<LeaderWork.Running> running = beside.stream().map(LeaderWork::start).toList();
        try {
            provision(leader);
        } finally {
            running.forEach(LeaderWork.Running::close);
        }
    }

    private void provision(LeaderSession leader) throws SQLException {
        RestoredCopy.catchUp(leader.jdbi(), ControlTopic.read(settings.kafka()));
        CatalogUpgrade.run(leader.jdbi(), Catalog.load());
        Cycle cycle =
                new Cycle(
                        leader.jdbi(),
                        publisher,
                        work,
                        lanes,
                        tenancy,
                        new MigrationWork(work, settings.migrations()),
                        new ColumnWork(work, settings.upkeep().columnsKnown()));
        Republication republication = new Republication(leader.jdbi(), publisher, cycle);
        UpsertPublisher upserts =
                new UpsertPublisher(
                        leader.jdbi(), publisher, settings.keysets().connectionsOpener());
        long republishAt = System.nanoTime();
        long heartbeatAt = System.nanoTime();
        while (!stopped(Duration.ZERO)) {
            Instant asOf = Instant.now();
            if (System.nanoTime() - republishAt >= 0) {
                republication.run();
                republishAt = System.nanoTime() + settings.republish().toNanos();
            }
            Cycle.Extent seen = cycle.run();
            upserts.run();
            if (seen == Cycle.Extent.WHOLE && System.nanoTime() - heartbeatAt >= 0) {
                publisher.publish(List.of(heartbeat(asOf)));
                heartbeatAt = System.nanoTime() + settings.heartbeat().toNanos();
            }
            leader.awaitNotification(POLL);
        }
    }

    /** One line for what passes by itself; the whole story only where it may be our fault. */
    private static void report(Exception e) {
        if (e instanceof ControlPublisher.NotAcknowledgedException) {
            LOG.warn("{}; trying again in {}", e.getMessage(), RETRY);
            return;
        }
        Exception cause = e.getCause() instanceof SQLException sql ? sql : e;
        ServerFailure failure = ServerFailure.of(cause);
        if (failure == ServerFailure.INTERNAL || failure == ServerFailure.REFUSED) {
            LOG.error("Provisioning was interrupted and starts again in {}", RETRY, e);
        } else {
            LOG.warn(
                    "Provisioning was interrupted by the application database and starts again in"
                            + " {}: {} ({})",
                    RETRY,
                    failure,
                    cause.getMessage());
        }
    }

    private static ControlHeartbeat heartbeat(Instant asOf) {
        return new ControlHeartbeat(ChronoUnit.MICROS.between(Instant.EPOCH, asOf));
    }

    private boolean stopped(Duration wait) {
        try {
            return stop.await(wait.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
