package io.webhookdb.controlplane.provisioner;

import io.webhookdb.controlplane.environment.Environment;
import io.webhookdb.controlplane.provisioner.rotation.RotationTimes;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What is done by the calendar.
 *
 * @param auditKept how long entries of the audit log are kept
 * @param rotateEvery age of keys at which a rotation begins by itself; empty for never
 * @param rotation times of a rotation
 * @param columnsKnown time after which every writer knows the columns a table got
 * @param apiBases base URL of vendors' APIs by vendor, lower case, instead of the catalogue's
 */
public record Upkeep(
        Duration auditKept,
        Optional<Duration> rotateEvery,
        RotationTimes rotation,
        Duration columnsKnown,
        Map<String, String> apiBases) {
    private static final int AUDIT_DAYS = 400;
    private static final Duration COLUMNS_KNOWN = Duration.ofSeconds(60);

    /** The log for {@value #AUDIT_DAYS} days, no rotation by itself. */
    public static final Upkeep USUAL =
            new Upkeep(
                    Duration.ofDays(AUDIT_DAYS),
                    Optional.empty(),
                    RotationTimes.USUAL,
                    COLUMNS_KNOWN,
                    Map.of());

    /**
     * {@code WEBHOOKDB_AUDIT_DAYS}, {@code WEBHOOKDB_API_BASE_<VENDOR>} and {@code
     * WEBHOOKDB_KEY_ROTATION_DAYS}, where they are set.
     */
    public static Upkeep of(Environment environment) {
        int days = environment.number("WEBHOOKDB_KEY_ROTATION_DAYS", 0, 0, 3650);
        return new Upkeep(
                Duration.ofDays(environment.number("WEBHOOKDB_AUDIT_DAYS", AUDIT_DAYS, 1, 36_500)),
                days == 0 ? Optional.empty() : Optional.of(Duration.ofDays(days)),
                RotationTimes.USUAL,
                COLUMNS_KNOWN,
                environment.startingWith("WEBHOOKDB_API_BASE_").entrySet().stream()
                        .collect(
                                Collectors.toMap(
                                        base -> base.getKey().toLowerCase(Locale.ROOT),
                                        Map.Entry::getValue)));
    }

    /** The same, with other bases of vendors' APIs. */
    public Upkeep withApiBases(Map<String, String> other) {
        return new Upkeep(auditKept, rotateEvery, rotation, columnsKnown, other);
    }

    /** The same, with another time until every writer knows new columns. */
    public Upkeep withColumnsKnown(Duration time) {
        return new Upkeep(auditKept, rotateEvery, rotation, time, apiBases);
    }
}
