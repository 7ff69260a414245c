package io.webhookdb.controlplane.provisioner.replay;

import io.webhookdb.controlplane.events.EventSender;
import io.webhookdb.controlplane.events.StoredEvents;
import io.webhookdb.controlplane.provisioner.periodic.PeriodicTask;
import io.webhookdb.controlplane.provisioner.replay.ReplaySelection.Choice;
import io.webhookdb.controlplane.provisioner.replay.ReplaySelection.Lane;
import io.webhookdb.controlplane.provisioner.replay.Replays.Open;
import io.webhookdb.schemas.Topics;
import io.webhookdb.schemas.event.Event;
import io.webhookdb.schemas.status.BackfillProgress.State;
import io.webhookdb.security.kafka.KafkaAccess;
import io.webhookdb.security.keyset.SecretCipher;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/**
 * Works on replays: reads their window of the log, and sends what they select again, under the same
 * id. Every order gets its turn, of {@link #TURN} at most, so that a large one delays no other;
 * after each turn its place is noted, so a crash repeats one turn. Not more than {@value
 * #PER_SECOND} a second are sent, so that live events go first.
 */
public final class ReplayWork {
    private static final Duration PERIOD = Duration.ofMillis(500);
    private static final Duration TURN = Duration.ofSeconds(2);
    private static final int PER_SECOND = 2_000;

    private final KafkaAccess kafka;
    private final Jdbi jdbi;
    private final Proofs proofs;

    private ReplayWork(KafkaAccess kafka, Jdbi jdbi, Supplier<SecretCipher> secrets) {
        this.kafka = kafka;
        this.jdbi = jdbi;
        this.proofs = new Proofs(secrets);
    }

    /**
     * The task.
     *
     * @param secrets cipher of webhook secrets
     */
    public static PeriodicTask task(KafkaAccess kafka, Jdbi jdbi, Supplier<SecretCipher> secrets) {
        return new PeriodicTask("replay-work", PERIOD, new ReplayWork(kafka, jdbi, secrets)::work);
    }

    private void work() {
        for (Open replay : jdbi.inTransaction(Replays::open)) {
            if (Thread.currentThread().isInterrupted()) {
                return;
            }
            try {
                turn(replay);
            } catch (KafkaException | JdbiException e) {
                // Passes by itself: the next turn begins where this one began.
                throw e;
            } catch (RuntimeException e) {
                jdbi.useHandle(
                        handle -> Replays.note(handle, replay, State.FAILED, e.getMessage()));
            }
        }
    }

    private void turn(Open replay) {
        ReplaySelection selection =
                new ReplaySelection(
                        replay.order(),
                        jdbi.withHandle(
                                handle -> proofs.of(handle, replay.order().organization())));
        try (ReplayWindowReader reader = new ReplayWindowReader(kafka);
                EventSender sender = new EventSender(kafka)) {
            ReplayCursors cursors =
                    replay.cursors() == null ? reader.window(replay.order()) : replay.cursors();
            Counts counts = new Counts(replay);
            long start = System.nanoTime();
            boolean open = true;
            while (open && System.nanoTime() - start < TURN.toNanos() && !interrupted()) {
                open =
                        reader.read(
                                cursors, record -> counts.add(choose(selection, record), sender));
                pace(start, counts.sent);
            }
            sender.flush();
            Open now = counts.of(replay, cursors);
            State state = cursors.open().isEmpty() ? State.FINISHED : State.RUNNING;
            jdbi.useHandle(handle -> Replays.note(handle, now, state, null));
        }
    }

    private static Optional<Choice> choose(
            ReplaySelection selection, ConsumerRecord<byte[], byte[]> record) {
        Lane lane = record.topic().equals(Topics.REJECTED) ? Lane.REJECTED : Lane.ACCEPTED;
        return StoredEvents.event(record).map(event -> selection.choose(event, lane));
    }

    private static void pace(long start, long sent) {
        long ahead = sent * 1_000_000_000L / PER_SECOND - (System.nanoTime() - start);
        if (ahead > 0 && !interrupted()) {
            LockSupport.parkNanos(ahead);
        }
    }

    private static boolean interrupted() {
        return Thread.currentThread().isInterrupted();
    }

    /** Of one turn. */
    private static final class Counts {
        private long looked;
        private long emitted;
        private long refused;
        private long sent;

        Counts(Open replay) {
            this.looked = replay.lookedAt();
            this.emitted = replay.emitted();
            this.refused = replay.refused();
        }

        void add(Optional<Choice> choice, EventSender sender) {
            looked++;
            if (choice.isPresent() && choice.get() instanceof Choice.Emit emit) {
                Event event = emit.event();
                sender.send(event);
                emitted++;
                sent++;
            } else if (choice.isPresent() && choice.get() instanceof Choice.Refuse) {
                refused++;
            }
        }

        Open of(Open replay, ReplayCursors cursors) {
            return new Open(replay.order(), looked, emitted, refused, cursors);
        }
    }
}
