package io.webhookdb.connectors.sync;

import io.webhookdb.connectors.sync.LaneProgress.Round;
import java.util.concurrent.TimeUnit;

/** When the next sync of a lane starts. */
final class SyncSchedule {
    private SyncSchedule() {}

    /**
     * Time of the next sync: a period after the last one started, or at once if one was asked for
     * since, or if the lane never synced.
     *
     * @param triggersRequested how many syncs out of turn were asked for so far
     * @return milliseconds since the epoch
     */
    static long dueAt(Round last, int periodSeconds, long triggersRequested) {
        if (last.startedAt() == 0 || triggersRequested > last.triggers()) {
            return 0;
        }
        return last.startedAt() + TimeUnit.SECONDS.toMillis(Math.max(1, periodSeconds));
    }

    /**
     * How long to wait after so many failures in a row.
     *
     * @param failures at least 1
     * @return milliseconds
     */
    static long backoff(SyncFailure failure, int failures, SyncSettings settings) {
        if (failure == SyncFailure.CONFIGURATION) {
            return settings.configurationWait().toMillis();
        }
        long wait = settings.firstWait().toMillis() << Math.min(failures - 1, 20);
        return Math.min(wait, settings.longestWait().toMillis());
    }
}
