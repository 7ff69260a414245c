package io.webhookdb.controlplane.provisioner.rotation;

import io.webhookdb.controlplane.database.ApplicationDatabase;
import io.webhookdb.security.connection.PostgresUrl;
import io.webhookdb.security.keyset.KeysetEditor;
import io.webhookdb.security.keyset.KeysetFolder;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * A rotation at a terminal: begins one, or goes on with the one that was begun, and tells each
 * step. Where a provisioner works on it too, either may do each step.
 */
public final class RotationConsole {
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final int MOST_REASONS = 5;

    private static final Set<RotationStep> AFTER_A_CHANGE =
            EnumSet.of(
                    RotationStep.AWAIT_DISTRIBUTED,
                    RotationStep.AWAIT_PROMOTED,
                    RotationStep.AWAIT_RETIRED);

    private final Consumer<String> out;
    private final Runnable publish;
    private RotationProgress told;

    /**
     * A console.
     *
     * @param out gets lines
     * @param publish brings the folder to the parts, where they do not share it; runs whenever it
     *     may have changed
     */
    public RotationConsole(Consumer<String> out, Runnable publish) {
        this.out = out;
        this.publish = publish;
    }

    /**
     * Rotates.
     *
     * @param keysets the whole folder, which can be written
     * @param without kinds of parts that do not run any more although they did within a day
     * @param limit longest time this may take; the rotation can be gone on with later
     * @throws IllegalStateException if the folder is not all there, or time is up
     */
    public void run(
            PostgresUrl database, KeysetFolder keysets, Set<String> without, Duration limit) {
        if (!KeysetEditor.canEdit(keysets)) {
            throw new IllegalStateException(
                    keysets.path()
                            + " lacks a keyset or cannot be written. Expected: ingest.json,"
                            + " readers.json, connections.json and connections.public.json, in a"
                            + " folder of yours.");
        }
        try (ApplicationDatabase application = ApplicationDatabase.open(database, 2)) {
            Rotation rotation = new Rotation(application.jdbi(), keysets, RotationTimes.USUAL);
            run(rotation, rotation.begin(without), System.nanoTime() + limit.toNanos());
        }
    }

    private void run(Rotation rotation, long id, long deadline) {
        out.accept("Rotation " + id + " of the keysets:");
        while (true) {
            boolean more = rotation.advance();
            RotationProgress progress = rotation.progress(id);
            boolean entered = told == null || told.step() != progress.step();
            tell(progress);
            if (entered && AFTER_A_CHANGE.contains(progress.step())) {
                publish.run();
            }
            if (progress.step() == RotationStep.DONE) {
                return;
            }
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException(
                        "Not done in time, at: "
                                + progress.step().words()
                                + ". Run the same command again to go on.");
            }
            if (!more) {
                LockSupport.parkNanos(LOOK_NANOS);
            }
        }
    }

    private void tell(RotationProgress progress) {
        if (told == null || told.step() != progress.step()) {
            out.accept(
                    String.format(
                            "  %s  %-16s  %s%s",
                            Instant.now().truncatedTo(ChronoUnit.SECONDS),
                            progress.step().name().toLowerCase(java.util.Locale.ROOT),
                            progress.step().words(),
                            progress.rewritten() == 0
                                    ? ""
                                    : " (" + progress.rewritten() + " secrets rewritten)"));
        }
        List<String> reasons = progress.waitingFor();
        if (!reasons.isEmpty() && (told == null || !told.waitingFor().equals(reasons))) {
            reasons.stream().limit(MOST_REASONS).forEach(r -> out.accept("      waits: " + r));
            if (reasons.size() > MOST_REASONS) {
                out.accept("      and " + (reasons.size() - MOST_REASONS) + " more");
            }
        }
        told = progress;
    }
}
