package io.webhookdb.connectors.sync;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.webhookdb.connectors.kafka.OutgoingRecord;
import io.webhookdb.connectors.sync.SyncContext.Known;
import io.webhookdb.schemas.status.StatusCodec;
import io.webhookdb.schemas.status.SyncProgress;
import java.time.Instant;
import java.util.Optional;

/**
 * What the control plane is told of lanes: every sync that sent something, every failure, and of
 * idle lanes a sign of life each minute. Counts of rows begin anew with the task.
 */
final class LaneReports {
    private static final long QUIET_MILLIS = 60_000;

    private LaneReports() {}

    /** After a sync; empty if there is nothing new to tell. */
    static Optional<OutgoingRecord> synced(SyncLane lane, Known known, long now, long nextAt) {
        lane.syncedAt = lane.progress.round().startedAt();
        boolean news = lane.settled != lane.reported || now - lane.reportedAt >= QUIET_MILLIS;
        return news ? Optional.of(report(lane, known, now, nextAt, null)) : Optional.empty();
    }

    /**
     * After a page that was not taken.
     *
     * @param why without secrets
     */
    static OutgoingRecord failed(SyncLane lane, Known known, long now, String why) {
        return report(lane, known, now, lane.sendAfter, why);
    }

    private static OutgoingRecord report(
            SyncLane lane, Known known, long now, long nextAt, String failure) {
        lane.reported = lane.settled;
        lane.reportedAt = now;
        SyncProgress progress =
                new SyncProgress(
                        known.target().organization(),
                        lane.target,
                        known.target().integration(),
                        lane.shard,
                        lane.settled,
                        0,
                        lane.progress.queue().rows(),
                        0,
                        lane.progress.isReading(),
                        null,
                        lane.syncedAt == 0 ? null : time(lane.syncedAt),
                        time(nextAt),
                        time(now),
                        lane.sendFailures,
                        failure);
        return new OutgoingRecord(progress.key().getBytes(UTF_8), StatusCodec.encode(progress));
    }

    private static String time(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }
}
