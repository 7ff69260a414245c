package io.webhookdb.controlplane.provisioner.status;

import io.webhookdb.schemas.status.IntegrationMinute;
import io.webhookdb.schemas.status.StatusReport;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * What came in, by minute. The newest report of each reporter is kept beside the sums until no
 * newer one is to be expected, so that repeating it adds nothing.
 */
final class IntegrationMinuteHandler implements StatusHandler {
    private static final String REPORT =
            "INSERT INTO integration_minute_reports (minute, integration, reporter, received,"
                + " rejected, duplicate, stale, applied, dead, bytes, latency_sum_millis,"
                + " latency_max_millis) VALUES (:minute, :integration, :reporter, :received,"
                + " :rejected, :duplicate, :stale, :applied, :dead, :bytes, :latencySum,"
                + " :latencyMax) ON CONFLICT (minute, integration, reporter) DO UPDATE SET received"
                + " = excluded.received, rejected = excluded.rejected, duplicate ="
                + " excluded.duplicate, stale = excluded.stale, applied = excluded.applied, dead ="
                + " excluded.dead, bytes = excluded.bytes, latency_sum_millis ="
                + " excluded.latency_sum_millis, latency_max_millis = excluded.latency_max_millis,"
                + " stored_at = now()";
    private static final String SUM =
            "INSERT INTO integration_minutes (minute, integration, received, rejected, duplicate,"
                + " stale, applied, dead, bytes, latency_sum_millis, latency_max_millis) SELECT"
                + " minute, integration, sum(received), sum(rejected), sum(duplicate), sum(stale),"
                + " sum(applied), sum(dead), sum(bytes), sum(latency_sum_millis),"
                + " max(latency_max_millis) FROM integration_minute_reports WHERE minute = :minute"
                + " AND integration = :integration GROUP BY minute, integration ON CONFLICT"
                + " (integration, minute) DO UPDATE SET received = excluded.received, rejected ="
                + " excluded.rejected, duplicate = excluded.duplicate, stale = excluded.stale,"
                + " applied = excluded.applied, dead = excluded.dead, bytes = excluded.bytes,"
                + " latency_sum_millis = excluded.latency_sum_millis, latency_max_millis ="
                + " excluded.latency_max_millis";
    private static final String SEEN =
            "INSERT INTO integration_activity (integration, last_received_at, last_rejected_at,"
                    + " last_synced_at) VALUES (:integration, :received, :rejected, :synced) ON"
                    + " CONFLICT (integration) DO UPDATE SET last_received_at ="
                    + " greatest(integration_activity.last_received_at, excluded.last_received_at),"
                    + " last_rejected_at = greatest(integration_activity.last_rejected_at,"
                    + " excluded.last_rejected_at), last_synced_at ="
                    + " greatest(integration_activity.last_synced_at, excluded.last_synced_at)";

    @Override
    public boolean takes(StatusReport report) {
        return report instanceof IntegrationMinute;
    }

    @Override
    public void apply(List<StatusReport> reports, Handle handle) {
        List<IntegrationMinute> newest = newest(reports);
        PreparedBatch stored = handle.prepareBatch(REPORT);
        PreparedBatch seen = handle.prepareBatch(SEEN);
        for (IntegrationMinute report : newest) {
            OffsetDateTime minute = minute(report);
            stored.bind("minute", minute)
                    .bind("integration", report.integration())
                    .bind("reporter", report.reporter())
                    .bind("received", report.received())
                    .bind("rejected", report.rejected())
                    .bind("duplicate", report.duplicate())
                    .bind("stale", report.stale())
                    .bind("applied", report.applied())
                    .bind("dead", report.dead())
                    .bind("bytes", report.bytes())
                    .bind("latencySum", report.latencySumMillis())
                    .bind("latencyMax", report.latencyMaxMillis())
                    .add();
            seen.bind("integration", report.integration())
                    .bind("received", report.received() > 0 ? minute : null)
                    .bind("rejected", report.rejected() > 0 ? minute : null)
                    .bind("synced", synced(report))
                    .add();
        }
        stored.execute();
        seen.execute();
        sum(newest, handle);
    }

    private static void sum(List<IntegrationMinute> reports, Handle handle) {
        PreparedBatch sums = handle.prepareBatch(SUM);
        reports.stream()
                .map(report -> new Minute(report.integration(), report.minute()))
                .distinct()
                .forEach(
                        minute ->
                                sums.bind("minute", time(minute.minute()))
                                        .bind("integration", minute.integration())
                                        .add());
        sums.execute();
    }

    /** The last of each reporter's reports of one minute, in an order that avoids deadlocks. */
    private static List<IntegrationMinute> newest(List<StatusReport> reports) {
        Map<List<Object>, IntegrationMinute> newest = new LinkedHashMap<>();
        for (StatusReport any : reports) {
            IntegrationMinute report = (IntegrationMinute) any;
            newest.put(List.of(report.integration(), report.minute(), report.reporter()), report);
        }
        List<IntegrationMinute> sorted = new ArrayList<>(newest.values());
        sorted.sort(
                Comparator.comparing(IntegrationMinute::integration)
                        .thenComparing(IntegrationMinute::minute)
                        .thenComparing(IntegrationMinute::reporter));
        return sorted;
    }

    private static OffsetDateTime minute(IntegrationMinute report) {
        return time(report.minute());
    }

    private static OffsetDateTime time(long minute) {
        return Instant.EPOCH.plus(minute, ChronoUnit.MINUTES).atOffset(ZoneOffset.UTC);
    }

    private static OffsetDateTime synced(IntegrationMinute report) {
        return report.lastSyncedMicros() == 0
                ? null
                : Instant.EPOCH
                        .plus(report.lastSyncedMicros(), ChronoUnit.MICROS)
                        .atOffset(ZoneOffset.UTC);
    }

    private record Minute(String integration, long minute) {}
}
