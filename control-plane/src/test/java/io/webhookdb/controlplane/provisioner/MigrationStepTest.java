package io.webhookdb.controlplane.provisioner;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.controlplane.provisioner.MigrationRow.State;
import io.webhookdb.controlplane.provisioner.OrganizationRow.DatabaseRow;
import io.webhookdb.schemas.control.ControlRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MigrationStepTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration HOLD = Duration.ofMinutes(3);

    @Test
    void copiesUntilWritersAreAskedToWait() {
        assertThat(step(State.ENQUEUED, null, false)).isEqualTo(MigrationStep.COPY);
        assertThat(step(State.COPYING, null, false)).isEqualTo(MigrationStep.COPY);
        assertThat(step(State.HOLDING, NOW, false)).isEqualTo(MigrationStep.WAIT);
    }

    @Test
    void switchesOnlyOnceEveryWriterIsQuietAndEarlierWorkHasEnded() {
        assertThat(step(State.HOLDING, NOW, true)).isEqualTo(MigrationStep.SETTLE);
        assertThat(step(State.SWITCHING, NOW, true)).isEqualTo(MigrationStep.SWITCH);
        assertThat(step(State.FINISHED, NOW, true)).isEqualTo(MigrationStep.NOTHING);
    }

    @Test
    void givesTheOldDatabaseBackWhenWritersHaveWaitedTooLong() {
        Instant longAgo = NOW.minus(HOLD).minusMillis(1);
        assertThat(step(State.HOLDING, longAgo, false)).isEqualTo(MigrationStep.RETURN);
        assertThat(step(State.SWITCHING, longAgo, true)).isEqualTo(MigrationStep.RETURN);
    }

    @Test
    void givesUpWhatPeopleHaveToMend() {
        for (State state : new State[] {State.COPYING, State.HOLDING, State.SWITCHING}) {
            assertThat(
                            MigrationStep.of(
                                    migration(state, NOW, Optional.of("no such role")),
                                    true,
                                    NOW,
                                    HOLD))
                    .isEqualTo(MigrationStep.RETURN);
        }
        assertThat(
                        MigrationStep.of(
                                migration(State.FAILED, NOW, Optional.of("no such role")),
                                true,
                                NOW,
                                HOLD))
                .isEqualTo(MigrationStep.NOTHING);
    }

    private static MigrationStep step(State state, Instant heldAt, boolean quiet) {
        return MigrationStep.of(migration(state, heldAt, Optional.empty()), quiet, NOW, HOLD);
    }

    private static MigrationRow migration(State state, Instant heldAt, Optional<String> failure) {
        DatabaseRow old = new DatabaseRow("h", 1, "h:1", "d", "public", "o", "", "r", "", 1, true);
        return new MigrationRow(
                1,
                new OrganizationRow(
                        7, "acme", ControlRecord.State.ACTIVE, 1, 1, Optional.of(old)),
                state,
                old,
                failure,
                Optional.ofNullable(heldAt));
    }
}
