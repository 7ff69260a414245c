package io.webhookdb.controlplane.api.integrations;

import io.webhookdb.schemas.catalog.BackfillSchedule;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How often an integration is polled, as people write it. */
final class PollPeriod {
    /** Polls are not closer together: a page may take longer than that. */
    static final Duration SHORTEST = Duration.ofSeconds(10);

    static final Duration LONGEST = Duration.ofDays(31);

    /** What is allowed, for people. */
    static final String ALLOWED =
            "a period from 10s to 31d such as 60s, 5m, 12h or 1d, nightly, never, or default";

    private static final Pattern PERIOD = Pattern.compile("(\\d{1,7})([smhd])");
    private static final long NEVER = 0;

    private PollPeriod() {}

    /**
     * Seconds between polls; 0 for never, empty for what the catalogue says.
     *
     * @throws IllegalArgumentException whose message says what is allowed
     */
    static Optional<Long> seconds(String text) {
        return switch (text) {
            case "default" -> Optional.empty();
            case "never" -> Optional.of(NEVER);
            case "nightly" -> Optional.of(Duration.ofDays(1).toSeconds());
            default -> Optional.of(period(text).toSeconds());
        };
    }

    private static Duration period(String text) {
        Matcher matcher = PERIOD.matcher(text);
        if (matcher.matches()) {
            long number = Long.parseLong(matcher.group(1));
            Duration period =
                    switch (matcher.group(2)) {
                        case "s" -> Duration.ofSeconds(number);
                        case "m" -> Duration.ofMinutes(number);
                        case "h" -> Duration.ofHours(number);
                        default -> Duration.ofDays(number);
                    };
            if (period.compareTo(SHORTEST) >= 0 && period.compareTo(LONGEST) <= 0) {
                return period;
            }
        }
        throw new IllegalArgumentException("is \"" + text + "\", expected " + ALLOWED);
    }

    /** The same of an integration, with what the catalogue says where nothing was set. */
    static String told(Optional<Long> set, ServiceDefinition service) {
        if (!service.supportsBackfill()) {
            return "never: its rows come by webhook only";
        }
        if (set.isPresent()) {
            return text(set);
        }
        BackfillSchedule declared =
                service.backfill() == null ? null : service.backfill().schedule();
        return declared == null
                ? "never, as the catalogue says"
                : text(Optional.of((long) declared.everySeconds())) + ", as the catalogue says";
    }

    /** For people, such as {@code every 90 s}; whole days are nights. */
    static String text(Optional<Long> seconds) {
        if (seconds.isEmpty()) {
            return "as the catalogue says";
        }
        long every = seconds.get();
        if (every == NEVER) {
            return "never";
        }
        long day = Duration.ofDays(1).toSeconds();
        if (every % day != 0) {
            return "every " + every + " s";
        }
        return every == day ? "every night" : "at night, every " + every / day + " days";
    }
}
