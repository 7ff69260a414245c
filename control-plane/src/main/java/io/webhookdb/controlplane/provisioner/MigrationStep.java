package io.webhookdb.controlplane.provisioner;

import java.time.Duration;
import java.time.Instant;

/** What a migration needs next. Pure. */
enum MigrationStep {
    /** Another pass over the tables, from where the last one ended. */
    COPY,
    /** Writers, or the organization, come first. */
    WAIT,
    /** The end of what was begun on the old database before writers were held. */
    SETTLE,
    /** The rest of the rows, and the new database for everyone. */
    SWITCH,
    /** The old database for everyone, and the end. */
    RETURN,
    NOTHING;

    /**
     * @param quiet whether every subtask reported that it writes nothing of an earlier epoch
     * @param longestHold how long writers may wait before the attempt is given up
     */
    static MigrationStep of(
            MigrationRow migration, boolean quiet, Instant now, Duration longestHold) {
        return switch (migration.state()) {
            case FINISHED, FAILED -> NOTHING;
            case ENQUEUED, COPYING -> {
                if (migration.failure().isPresent()) {
                    yield RETURN;
                }
                yield migration.organization().databaseReady() ? COPY : WAIT;
            }
            case HOLDING, SWITCHING -> {
                boolean tooLong = migration.heldAt().orElseThrow().plus(longestHold).isBefore(now);
                if (tooLong || migration.failure().isPresent()) {
                    yield RETURN;
                }
                if (migration.state() == MigrationRow.State.SWITCHING) {
                    yield SWITCH;
                }
                yield quiet ? SETTLE : WAIT;
            }
        };
    }
}
