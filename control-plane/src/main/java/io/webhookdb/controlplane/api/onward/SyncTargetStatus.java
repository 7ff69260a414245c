package io.webhookdb.controlplane.api.onward;

import io.webhookdb.controlplane.api.integrations.Integration;
import io.webhookdb.controlplane.api.onward.SyncTargetProgress.TableProgress;
import io.webhookdb.schemas.control.SyncTargetControl;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How one table of one target stands.
 *
 * @param target opaque id
 * @param table source table; empty while nothing was reported of a target that takes all
 * @param state in step, syncing, loading (with rows read so far), failing, paused or waiting
 * @param rows acknowledged since the target was created
 * @param bytes of them
 * @param pending rows that wait
 * @param lag seconds since which the oldest waits; 0 if none does
 * @param lastSuccess when the target was last in step or took rows; null if it never was
 * @param lastError the last failure, also of the past; empty if there was none
 * @param lastErrorAt its time; null if there was none
 * @param nextRun when rows are sent next; null if that is not known
 */
record SyncTargetStatus(
        String target,
        String table,
        String state,
        long rows,
        long bytes,
        long pending,
        long lag,
        String lastSuccess,
        String lastError,
        String lastErrorAt,
        String nextRun) {

    static Stream<SyncTargetStatus> of(
            SyncTargetControl target,
            List<TableProgress> reported,
            Map<String, Integration> integrations,
            Instant now) {
        if (reported.isEmpty()) {
            Integration own = integrations.get(target.integration());
            return Stream.of(
                    new SyncTargetStatus(
                            target.id(),
                            own == null ? "" : own.table(),
                            target.settings().pause() ? "paused" : "waiting",
                            0,
                            0,
                            0,
                            0,
                            null,
                            "",
                            null,
                            null));
        }
        return reported.stream()
                .filter(table -> integrations.containsKey(table.integration()))
                .map(table -> of(target, table, integrations.get(table.integration()), now));
    }

    private static SyncTargetStatus of(
            SyncTargetControl target, TableProgress table, Integration integration, Instant now) {
        boolean isPaused = target.settings().pause();
        String state = isPaused ? "paused" : table.progress().state();
        return new SyncTargetStatus(
                target.id(),
                integration.table(),
                state.equals("loading") ? "loading (" + table.loaded() + " read)" : state,
                table.progress().rows(),
                table.bytes(),
                table.progress().pending(),
                table.oldestPendingAt() == null
                        ? 0
                        : Math.max(
                                0, now.getEpochSecond() - table.oldestPendingAt().getEpochSecond()),
                text(table.progress().lastSyncedAt()),
                table.lastFailure(),
                text(table.lastFailureAt()),
                isPaused ? null : text(table.nextAt()));
    }

    private static String text(Instant time) {
        return time == null ? null : time.toString();
    }
}
