package io.webhookdb.connectors.webhook;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Waits between the attempts of one delivery.
 *
 * @param waits the wait after the first failure, after the second, and so on; one attempt more than
 *     there are waits
 */
public record RetrySchedule(List<Duration> waits) {
    /** What production uses: eight attempts within 28 hours. */
    public static final String STANDARD = "5s,5m,30m,2h,5h,10h,10h";

    /** Longest wait a receiver may ask for. */
    static final Duration LONGEST_ASKED = Duration.ofHours(24);

    private static final Pattern WAIT = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
    private static final double JITTER = 0.2;

    public RetrySchedule {
        waits = List.copyOf(waits);
    }

    /**
     * Parses {@code 5s,5m,30m}; units are ms, s, m, h and d. Blank is {@link #STANDARD}, {@code
     * none} no second attempt.
     *
     * @throws IllegalArgumentException naming the wait that is none
     */
    public static RetrySchedule parse(String text) {
        String schedule = text == null || text.isBlank() ? STANDARD : text.trim();
        List<Duration> waits = new ArrayList<>();
        if (schedule.equals("none")) {
            return new RetrySchedule(waits);
        }
        for (String part : schedule.split("\\s*,\\s*", -1)) {
            Matcher matcher = WAIT.matcher(part);
            if (!matcher.matches()) {
                throw new IllegalArgumentException(
                        "Retry schedule \""
                                + text
                                + "\": \""
                                + part
                                + "\" is no wait; expected a number with one of ms, s, m, h, d, as"
                                + " in "
                                + STANDARD);
            }
            waits.add(duration(Long.parseLong(matcher.group(1)), matcher.group(2)));
        }
        return new RetrySchedule(waits);
    }

    /**
     * The wait before the next attempt, or nothing after the last.
     *
     * @param attempt the attempt that failed, 1 or more
     * @param asked the wait the receiver asked for; zero for none
     * @param luck a number from 0 to 1 that spreads receivers' load: up to a fifth is added
     */
    Optional<Duration> after(int attempt, Duration asked, double luck) {
        if (attempt > waits.size()) {
            return Optional.empty();
        }
        Duration planned = waits.get(attempt - 1);
        Duration honoured = asked.compareTo(LONGEST_ASKED) > 0 ? LONGEST_ASKED : asked;
        Duration wait = planned.compareTo(honoured) > 0 ? planned : honoured;
        return Optional.of(spread(wait, luck));
    }

    static Duration spread(Duration wait, double luck) {
        return wait.plusMillis((long) (wait.toMillis() * JITTER * luck));
    }

    private static Duration duration(long number, String unit) {
        return switch (unit) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }
}
