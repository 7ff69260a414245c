package io.webhookdb.schemas.row;

import io.webhookdb.schemas.catalog.TimeSource;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;

/** Times as vendors write them, in both directions. */
public final class VendorTime {
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("dd-MM-uuuu", Locale.ROOT).withZone(ZoneOffset.UTC);

    private VendorTime() {}

    /** The instant a text stands for; empty if it is no such time. */
    public static Optional<Instant> parse(TimeSource.Format format, String text) {
        return text == null ? Optional.empty() : TimeText.of(format, text);
    }

    /** An instant as a request parameter, cut to what the format can say. */
    public static String text(TimeSource.Format format, Instant instant) {
        return switch (format) {
            case ISO_8601 -> instant.truncatedTo(ChronoUnit.SECONDS).toString();
            case UNIX_SECONDS, UNIX_SECONDS_OR_ISO_8601 -> Long.toString(instant.getEpochSecond());
            case UNIX_MILLISECONDS -> Long.toString(instant.toEpochMilli());
            case RFC_2822 ->
                    DateTimeFormatter.RFC_1123_DATE_TIME.format(instant.atOffset(ZoneOffset.UTC));
            case DAY_MONTH_YEAR -> DAY.format(instant);
        };
    }
}
