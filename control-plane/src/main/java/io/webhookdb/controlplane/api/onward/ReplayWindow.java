package io.webhookdb.controlplane.api.onward;

import io.webhookdb.controlplane.api.http.ApiException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The time of receipt of what is replayed: from {@code after}, inclusive, to {@code before},
 * exclusive.
 */
record ReplayWindow(Instant after, Instant before) {
    private static final Pattern AGE = Pattern.compile("(\\d{1,6})([smhd])");
    static final Duration LONGEST = Duration.ofHours(4);

    /** At least as long as requests are kept. */
    static final Duration RETENTION = Duration.ofDays(31);

    static final Duration OLDEST = Duration.ofDays(7);

    /**
     * From what was given: nothing is the last hour; {@code before} alone ends a window of {@code
     * hours}, or one; {@code after} alone begins one that ends now; both are exact.
     *
     * @throws ApiException 400 of the parameter to blame
     */
    static ReplayWindow of(String after, String before, OptionalInt hours, Instant now) {
        Instant end = before.isEmpty() ? now : earlier(time("before", before), now);
        Instant start =
                after.isEmpty()
                        ? end.minus(Duration.ofHours(hours.orElse(1)))
                        : time("after", after);
        if (!start.isBefore(end)) {
            throw ApiException.validation(
                    after.isEmpty() ? "before" : "after",
                    "must be before the end of the window, " + end);
        }
        if (Duration.between(start, end).compareTo(LONGEST) > 0) {
            throw ApiException.validation(
                    after.isEmpty() ? "hours" : "after",
                    "makes a window longer than " + LONGEST.toHours() + " hours");
        }
        if (end.isBefore(now.minus(OLDEST))) {
            throw ApiException.validation(
                    "before", "is longer ago than " + OLDEST.toDays() + " days");
        }
        return new ReplayWindow(start, end);
    }

    /** All that is kept. */
    static ReplayWindow everything(Instant now) {
        return new ReplayWindow(now.minus(RETENTION), now);
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    /** A time, or how long ago: a number with one of s, m, h, d. */
    static Instant timeOrAge(String field, String text, Instant now) {
        Matcher age = AGE.matcher(text);
        if (!age.matches()) {
            return time(field, text);
        }
        long number = Long.parseLong(age.group(1));
        return now.minus(
                switch (age.group(2)) {
                    case "s" -> Duration.ofSeconds(number);
                    case "m" -> Duration.ofMinutes(number);
                    case "h" -> Duration.ofHours(number);
                    default -> Duration.ofDays(number);
                });
    }

    /**
     * ISO 8601, also with slashes and a blank, or as in HTTP; without an offset it is UTC, a date
     * alone is its first moment.
     */
    private static Instant time(String field, String text) {
        String dashed = text.replaceFirst("^(\\d{4})/(\\d{2})/(\\d{2})", "$1-$2-$3");
        String iso =
                dashed.replaceFirst("^(\\d{4}-\\d{2}-\\d{2}) ", "$1T")
                        .replaceFirst(" ?(UTC|GMT)$", "Z");
        String compact = iso.replace(" ", "");
        try {
            if (text.matches("[A-Z][a-z]{2}, .*")) {
                return OffsetDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
            }
            if (!compact.contains("T")) {
                return LocalDate.parse(compact).atStartOfDay(ZoneOffset.UTC).toInstant();
            }
            if (compact.matches(".*(Z|[+-]\\d{2}:?\\d{2})$")) {
                return OffsetDateTime.parse(compact.replaceFirst("([+-]\\d{2})(\\d{2})$", "$1:$2"))
                        .toInstant();
            }
            return LocalDateTime.parse(compact).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw ApiException.validation(
                    field, "must be a time, such as 2024-05-06T07:08:09Z or 2024-05-06 07:08");
        }
    }
}
