package io.webhookdb.connectors.backfill;

import io.webhookdb.schemas.catalog.Backfill;
import io.webhookdb.schemas.catalog.BackfillSchedule;
import io.webhookdb.schemas.catalog.BackfillSchedule.Run;
import io.webhookdb.schemas.catalog.BackfillSchedule.Scope;
import io.webhookdb.schemas.control.BackfillControl.Children;
import io.webhookdb.schemas.control.BackfillControl.Extent;
import io.webhookdb.schemas.control.IntegrationControl;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;

/** When runs are due, and how long to wait after a failure. Pure. */
final class Schedules {
    private static final long MOST_DOUBLINGS = 30;
    private static final long DAY_MILLIS = 86_400_000;
    private static final long NIGHT_MILLIS = 5 * 3_600_000;

    private Schedules() {}

    /**
     * What runs unasked.
     *
     * @param periodMillis time between runs
     */
    record Plan(long periodMillis, Extent extent, Children children) {}

    /**
     * The integration's schedule: the catalogue's, at the interval set for the integration if one
     * is. An interval makes a resource without a schedule incremental.
     */
    static Optional<Plan> plan(IntegrationControl integration, Backfill backfill) {
        BackfillSchedule declared = backfill.schedule();
        Integer set = integration.access() == null ? null : integration.access().pollSeconds();
        if ((declared == null && set == null) || (set != null && set == 0)) {
            return Optional.empty();
        }
        long seconds = set != null ? set : declared.everySeconds();
        return Optional.of(
                new Plan(
                        seconds * 1000,
                        declared != null && declared.run() == Run.FULL
                                ? Extent.FULL
                                : Extent.INCREMENTAL,
                        declared != null && declared.scope() == Scope.TREE
                                ? Children.INCLUDED
                                : Children.LEFT_OUT));
    }

    /**
     * The first time: spread over the period, so that integrations do not meet; whole days at
     * night.
     */
    static long first(String integration, long periodMillis, long now) {
        if (isOfDays(periodMillis)) {
            return night(integration, now);
        }
        return now + Math.floorMod(mixed(integration), periodMillis);
    }

    /** The time after one that was due; what was missed meanwhile is not made up for. */
    static long next(String integration, long dueMillis, long periodMillis, long now) {
        if (isOfDays(periodMillis)) {
            return night(integration, Math.max(dueMillis, now)) + periodMillis - DAY_MILLIS;
        }
        long missed = Math.max(0, (now - dueMillis) / periodMillis);
        return dueMillis + (missed + 1) * periodMillis;
    }

    private static boolean isOfDays(long periodMillis) {
        return periodMillis % DAY_MILLIS == 0;
    }

    /** The integration's time in the next night, which is from 0:00 to 5:00 UTC. */
    private static long night(String integration, long after) {
        long today =
                Math.floorDiv(after, DAY_MILLIS) * DAY_MILLIS
                        + Math.floorMod(mixed(integration), NIGHT_MILLIS);
        return today > after ? today : today + DAY_MILLIS;
    }

    /** Doubles with every failure; somewhere in the upper half of that. */
    static long backoff(int failures, Duration first, Duration longest, long seed) {
        long doubled = first.toMillis() << Math.min(MOST_DOUBLINGS, Math.max(0, failures - 1));
        long most = doubled <= 0 ? longest.toMillis() : Math.min(doubled, longest.toMillis());
        return most / 2 + new SplittableRandom(seed).nextLong(most / 2 + 1);
    }

    private static long mixed(String text) {
        return new SplittableRandom(text.hashCode()).nextLong();
    }
}
