package io.webhookdb.controlplane.provisioner.status;

import io.webhookdb.schemas.status.DeliveryAttempt;
import io.webhookdb.schemas.status.StatusReport;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * The log of deliveries: one row an attempt, in partitions of a day, kept for {@value #KEPT_DAYS}
 * days. Attempts that are older, or more than a day ahead, are not kept.
 */
final class DeliveryLogHandler implements StatusHandler {
    static final int KEPT_DAYS = 30;
    private static final String PREFIX = "delivery_attempts_";
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyyyMMdd");
    private static final String INSERT =
            "INSERT INTO delivery_attempts (at, organization_id, subscription, integration,"
                + " delivery, attempt, outcome, status, millis, next_at, changed_at, test, answer)"
                + " VALUES (:at, :organization, :subscription, :integration, :delivery, :attempt,"
                + " :outcome, :status, :millis, :next, :changed, :test, :answer) ON CONFLICT DO"
                + " NOTHING";

    private final Clock clock;

    DeliveryLogHandler(Clock clock) {
        this.clock = clock;
    }

    @Override
    public boolean takes(StatusReport report) {
        return report instanceof DeliveryAttempt;
    }

    @Override
    public void apply(List<StatusReport> reports, Handle handle) {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        List<DeliveryAttempt> kept =
                reports.stream()
                        .map(DeliveryAttempt.class::cast)
                        .filter(attempt -> isKept(day(attempt), today))
                        .toList();
        if (kept.isEmpty()) {
            return;
        }
        TreeSet<LocalDate> days = new TreeSet<>();
        kept.forEach(attempt -> days.add(day(attempt)));
        partition(handle, days, today);
        PreparedBatch batch = handle.prepareBatch(INSERT);
        for (DeliveryAttempt attempt : kept) {
            batch.bind("at", time(attempt.at()))
                    .bind("organization", attempt.organization())
                    .bind("subscription", attempt.subscription())
                    .bind("integration", attempt.integration())
                    .bind("delivery", attempt.delivery())
                    .bind("attempt", attempt.attempt())
                    .bind("outcome", attempt.outcome().word())
                    .bind("status", attempt.status())
                    .bind("millis", attempt.millis())
                    .bind("next", time(attempt.nextAt()))
                    .bind("changed", time(attempt.changedAt()))
                    .bind("test", attempt.test())
                    .bind("answer", attempt.answer())
                    .add();
        }
        batch.execute();
    }

    /** Makes the partitions of these days; where one is new, drops those that are too old. */
    private static void partition(Handle handle, TreeSet<LocalDate> days, LocalDate today) {
        List<String> known =
                handle.createQuery(
                                "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid ="
                                        + " i.inhrelid WHERE i.inhparent ="
                                        + " 'delivery_attempts'::regclass")
                        .mapTo(String.class)
                        .list();
        boolean isNew = false;
        for (LocalDate day : days) {
            if (!known.contains(name(day))) {
                isNew = true;
                handle.execute(
                        "CREATE TABLE IF NOT EXISTS "
                                + name(day)
                                + " PARTITION OF delivery_attempts FOR VALUES FROM ('"
                                + day
                                + " 00:00:00Z') TO ('"
                                + day.plusDays(1)
                                + " 00:00:00Z')");
            }
        }
        if (isNew) {
            String oldest = name(today.minusDays(KEPT_DAYS));
            known.stream()
                    .filter(partition -> partition.compareTo(oldest) < 0)
                    .forEach(partition -> handle.execute("DROP TABLE IF EXISTS " + partition));
        }
    }

    /** Names are of this form only, so that they need no quotes and sort by day. */
    private static String name(LocalDate day) {
        return PREFIX + DAY.format(day);
    }

    private static boolean isKept(LocalDate day, LocalDate today) {
        return !day.isBefore(today.minusDays(KEPT_DAYS)) && !day.isAfter(today.plusDays(1));
    }

    private static LocalDate day(DeliveryAttempt attempt) {
        return LocalDate.ofInstant(Instant.parse(attempt.at()), ZoneOffset.UTC);
    }

    private static OffsetDateTime time(String iso) {
        return iso == null ? null : Instant.parse(iso).atOffset(ZoneOffset.UTC);
    }
}
