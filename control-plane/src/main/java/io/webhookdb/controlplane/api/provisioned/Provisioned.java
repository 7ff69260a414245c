package io.webhookdb.controlplane.api.provisioned;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jdbi.v3.core.Jdbi;

/**
 * Waits, within bounds, until the provisioner has done what a request asked for, so that the effect
 * holds when the request is answered. A slow provisioner never fails a request: the answer then
 * carries a note.
 */
public final class Provisioned {
    private static final Duration POLL = Duration.ofMillis(20);

    private final Jdbi jdbi;
    private final Duration limit;

    public Provisioned(Jdbi jdbi, Duration limit) {
        this.jdbi = jdbi;
        this.limit = limit;
    }

    /** How a wait ended. */
    public enum Outcome {
        DONE(""),
        PENDING("\nThis is still being set up and will take effect shortly.");

        private final String note;

        Outcome(String note) {
            this.note = note;
        }

        /** What to add to the answer; starts on a new line. */
        public String note() {
            return note;
        }
    }

    /** Until the organization has its database and jobs know of it. */
    public Outcome awaitOrganization(long id) {
        return await("SELECT published_revision >= revision FROM organizations WHERE id = ?", id);
    }

    /** Until an integration's table is there, or gone, and ingest and jobs know its state. */
    public Outcome awaitIntegration(long id) {
        return await(
                "SELECT published_revision >= revision AND CASE state WHEN 'active' THEN"
                        + " coalesce(built_table = table_name, false) AND wanted_definition IS NULL"
                        + " ELSE table_dropped_at IS NOT"
                        + " NULL END FROM integrations WHERE id = ?",
                id);
    }

    /** Until jobs know an entity that needs nothing built. */
    public Outcome awaitDocument(long id) {
        return await(
                "SELECT published_revision >= revision FROM control_documents WHERE id = ?", id);
    }

    /** Until a saved view is in the organization's database, or gone from it, or has failed. */
    public Outcome awaitView(long id) {
        return await("SELECT built_revision >= revision FROM saved_views WHERE id = ?", id);
    }

    /** Until a new reader is there and the old one has ended, if it is to end at once. */
    public Outcome awaitReaderRoll(long id) {
        return await(
                "SELECT made_at IS NOT NULL AND (grace_seconds > 0 OR ended_at IS NOT NULL) FROM"
                        + " reader_rolls WHERE id = ?",
                id);
    }

    /** Until a condition holds that only the provisioner brings about; false if it did not. */
    public boolean await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() >= deadline || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
        return true;
    }

    private Outcome await(String sql, long id) {
        return await(() -> holds(sql, id)) ? Outcome.DONE : Outcome.PENDING;
    }

    private boolean holds(String sql, long id) {
        return jdbi.withHandle(
                handle ->
                        handle.createQuery(sql)
                                .bind(0, id)
                                .mapTo(Boolean.class)
                                .findOne()
                                .orElse(true));
    }
}
