package io.webhookdb.connectors.sync;

import io.webhookdb.connectors.kafka.OutgoingRecord;
import io.webhookdb.connectors.sync.SyncContext.Known;
import io.webhookdb.schemas.status.StatusCodec;
import io.webhookdb.schemas.status.SyncProgress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.apache.flink.util.OutputTag;

/**
 * Tells the control plane how a lane stands: at once when a failure begins or ends, else at most
 * once a second and once more when a round ends with news. A quiet lane tells twice a minute that
 * it is in step.
 */
final class SyncReports {
    /** Where reports go, beside the operator's output. */
    static final OutputTag<OutgoingRecord> TAG = new OutputTag<>("status", OutgoingRecord.TYPE);

    private static final long LEAST_MILLIS = 1000;
    private static final long QUIET_MILLIS = 30_000;

    private final String target;
    private final int shard;
    private final int shards;
    private long lastSyncedAt;
    private long reportedAt;
    private int reportedFailures;
    private boolean news;

    SyncReports(String target, int shard, int shards) {
        this.target = target;
        this.shard = shard;
        this.shards = shards;
    }

    /** Rows the target has acknowledged. */
    void settled(List<SyncRow> rows, long now) {
        if (!rows.isEmpty()) {
            lastSyncedAt = now;
            news = true;
        }
    }

    /** A round has ended: the target has all that was there when it began. */
    void inStep(long now) {
        lastSyncedAt = now;
        news |= now - reportedAt >= QUIET_MILLIS;
    }

    /** Something failed, or was read. */
    void news() {
        news = true;
    }

    /** Whether to report now. */
    boolean due(int failures, boolean roundEnded, long now) {
        boolean turned = (failures > 0) != (reportedFailures > 0);
        return turned || (news && (roundEnded || now - reportedAt >= LEAST_MILLIS));
    }

    /**
     * Counts since the target's creation.
     *
     * @param rows acknowledged
     * @param bytes of them
     * @param loaded existing rows read
     */
    record Totals(long rows, long bytes, long loaded) {}

    /** The report, for {@link #TAG}. */
    OutgoingRecord report(Known known, SyncLane lane, Totals totals, long now) {
        LaneProgress progress = lane.progress;
        int failures = lane.failures();
        news = false;
        reportedAt = now;
        reportedFailures = failures;
        SyncProgress report =
                new SyncProgress(
                        known.target().organization(),
                        target,
                        known.integration(),
                        shard,
                        totals.rows(),
                        totals.bytes(),
                        progress.queue().rows(),
                        totals.loaded(),
                        !progress.hasReadAll(),
                        text(progress.queue().rows() == 0 ? 0 : lane.pendingSince),
                        text(lastSyncedAt),
                        text(lane.wakeAt == Long.MAX_VALUE ? 0 : lane.wakeAt),
                        text(now),
                        failures,
                        failures == 0 ? null : lane.failure,
                        shards);
        return new OutgoingRecord(
                report.key().getBytes(StandardCharsets.UTF_8), StatusCodec.encode(report));
    }

    private static String text(long millis) {
        return millis == 0 ? null : Instant.ofEpochMilli(millis).toString();
    }
}
