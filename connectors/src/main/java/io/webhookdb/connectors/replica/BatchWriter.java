package io.webhookdb.connectors.replica;

import io.webhookdb.connectors.kafka.DeadLetters;
import io.webhookdb.connectors.kafka.OutgoingRecord;
import io.webhookdb.connectors.replica.BatchOutcome.Failure;
import io.webhookdb.connectors.replica.BatchOutcome.Refused;
import io.webhookdb.connectors.replica.BatchOutcome.Scope;
import io.webhookdb.schemas.row.RowUpdate;
import io.webhookdb.schemas.trace.TraceContext;
import io.webhookdb.security.trace.Step;
import io.webhookdb.security.trace.StepName;
import io.webhookdb.security.trace.Tracing;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * Writes a batch and says what became of every row. Blocks; runs on worker threads. Thread-safe.
 *
 * <p>A batch with a row the database refuses is halved until that row stands alone, so the others
 * are written.
 */
final class BatchWriter {
    private final ReplicaConnections connections;
    private final ReplicaTargets targets;
    private final ChangeAnnouncer announcer;
    private final Tracing tracing;

    BatchWriter(
            ReplicaConnections connections,
            ReplicaTargets targets,
            ChangeAnnouncer announcer,
            Tracing tracing) {
        this.connections = connections;
        this.targets = targets;
        this.announcer = announcer;
        this.tracing = tracing;
    }

    /** Never throws for what a database, a network or a row does. */
    BatchOutcome write(Batch batch) {
        Work work = new Work(batch);
        ReplicaConnection connection;
        try {
            connection = connections.lease(targets.of(batch.organization()));
        } catch (SQLException e) {
            DatabaseFailure kind = DatabaseFailure.of(e);
            return work.stoppedBy(
                    new Failure(
                            kind == DatabaseFailure.POISON_ROW ? DatabaseFailure.TRANSIENT : kind,
                            Scope.DATABASE,
                            DatabaseWords.of(e)));
        } catch (RuntimeException e) {
            return work.stoppedBy(
                    new Failure(DatabaseFailure.CONFIGURATION, Scope.DATABASE, e.getMessage()));
        }
        boolean sound = false;
        try {
            work.write(connection, batch.rows());
            sound = true;
            return work.outcome(null);
        } catch (Stopped e) {
            return work.stoppedBy(e.failure);
        } finally {
            giveBack(connection, sound);
        }
    }

    /**
     * What a failure left behind in a session (a half-read answer) must not meet the next batch.
     */
    private void giveBack(ReplicaConnection connection, boolean sound) {
        if (sound) {
            connections.release(connection);
        } else {
            connections.discard(connection);
        }
    }

    private static final class Stopped extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient Failure failure;

        Stopped(Failure failure, Exception cause) {
            super(cause);
            this.failure = failure;
        }
    }

    private final class Work {
        private final Batch batch;
        private final List<SourcedRow> applied = new ArrayList<>();
        private final List<SourcedRow> changed = new ArrayList<>();
        private final List<OutgoingRecord> changes = new ArrayList<>();
        private final List<SourcedRow> stale = new ArrayList<>();
        private final List<Refused> refused = new ArrayList<>();

        Work(Batch batch) {
            this.batch = batch;
        }

        void write(ReplicaConnection connection, List<SourcedRow> rows) throws Stopped {
            List<RowUpdate> updates = rows.stream().map(SourcedRow::update).toList();
            List<StoredRow> stored;
            try {
                stored =
                        connection.write(
                                batch.service(),
                                batch.organization().database().schema(),
                                batch.table(),
                                batch.deletion(),
                                updates);
            } catch (SQLException | RuntimeException e) {
                divide(connection, rows, e);
                return;
            }
            committed(rows, stored);
        }

        private void divide(ReplicaConnection connection, List<SourcedRow> rows, Exception e)
                throws Stopped {
            DatabaseFailure kind =
                    connection.isUsable() ? DatabaseFailure.of(e) : DatabaseFailure.TRANSIENT;
            if (kind != DatabaseFailure.POISON_ROW) {
                Scope scope =
                        connection.isUsable() && isOfTable(state(e)) ? Scope.TABLE : Scope.DATABASE;
                throw new Stopped(new Failure(kind, scope, DatabaseWords.of(e)), e);
            }
            if (rows.size() == 1) {
                refused.add(new Refused(rows.get(0), state(e), DatabaseWords.of(e)));
                return;
            }
            int half = rows.size() / 2;
            write(connection, rows.subList(0, half));
            write(connection, rows.subList(half, rows.size()));
        }

        private void committed(List<SourcedRow> rows, List<StoredRow> stored) {
            String now = Instant.now(Clock.systemUTC()).toString();
            boolean[] written = new boolean[rows.size()];
            for (StoredRow row : stored) {
                written[row.index()] = true;
                SourcedRow source = rows.get(row.index());
                applied.add(source);
                if (row.version().changedBy().equals(source.update().version().eventId())) {
                    changed.add(source);
                }
                announcer
                        .announce(source.update(), row, batch.service().name(), batch.table(), now)
                        .map(change -> change.in(told(source)))
                        .ifPresent(changes::add);
            }
            for (int i = 0; i < written.length; i++) {
                if (!written[i]) {
                    stale.add(rows.get(i));
                }
            }
        }

        BatchOutcome stoppedBy(Failure failure) {
            return outcome(failure);
        }

        BatchOutcome outcome(Failure failure) {
            List<SourcedRow> unwritten = new ArrayList<>();
            if (failure != null) {
                Set<SourcedRow> done = Collections.newSetFromMap(new IdentityHashMap<>());
                done.addAll(applied);
                done.addAll(stale);
                refused.forEach(row -> done.add(row.row()));
                batch.rows().stream().filter(row -> !done.contains(row)).forEach(unwritten::add);
            }
            return new BatchOutcome(applied, changed, changes, stale, refused, unwritten, failure);
        }
    }

    /** The trace a row's change goes on in. */
    private TraceContext told(SourcedRow row) {
        long receivedAt = row.update().receivedAtMicros();
        Step step =
                tracing.goOn(
                        StepName.WRITE_ROW,
                        row.trace(),
                        // A replay was received long ago, which is no part of this step.
                        row.origin().isRepeated() ? DeadLetters.nowMicros() : receivedAt);
        step.about("webhookdb.integration", row.update().integration()).end();
        return step.trace();
    }

    /** Missing or locked things, conflicts and time limits: other tables may do well meanwhile. */
    private static boolean isOfTable(String state) {
        return state != null
                && (state.startsWith("42")
                        || state.startsWith("40")
                        || state.equals("55P03")
                        || state.equals("57014"));
    }

    private static String state(Exception e) {
        return e instanceof SQLException sql ? sql.getSQLState() : null;
    }
}
