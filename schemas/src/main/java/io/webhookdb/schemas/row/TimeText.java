package io.webhookdb.schemas.row;

import io.webhookdb.schemas.catalog.TimeSource;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads the times vendors write: ISO 8601 with {@code T} or a space, with any offset form, without
 * an offset or with the word UTC (then UTC), or a date alone; numbers of seconds or milliseconds;
 * and the other formats of the catalogue.
 */
final class TimeText {
    private static final DateTimeFormatter TIMESTAMP =
            new DateTimeFormatterBuilder()
                    .append(DateTimeFormatter.ISO_LOCAL_DATE)
                    .optionalStart()
                    .appendPattern("['T'][' ']")
                    .append(DateTimeFormatter.ISO_LOCAL_TIME)
                    .optionalStart()
                    .appendPattern("[ ][XXX][XX][X]['UTC']")
                    .optionalEnd()
                    .optionalEnd()
                    .parseDefaulting(ChronoField.HOUR_OF_DAY, 0)
                    .parseDefaulting(ChronoField.OFFSET_SECONDS, 0)
                    .toFormatter();

    /** Strict: there is no 31 February. */
    private static final DateTimeFormatter DAY_MONTH_YEAR =
            DateTimeFormatter.ofPattern("dd-MM-uuuu", Locale.ROOT)
                    .withResolverStyle(ResolverStyle.STRICT);

    private static final int SECONDS_A_DAY = 24 * 60 * 60;
    private static final long FIRST_SECOND = Instant.parse("0001-01-01T00:00:00Z").getEpochSecond();
    private static final long LAST_SECOND = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();

    private TimeText() {}

    /** The instant of a text in that format. */
    static Optional<Instant> of(TimeSource.Format format, String text) {
        return switch (format) {
            case ISO_8601 -> timestamp(text);
            case UNIX_SECONDS -> sinceEpoch(text, ChronoUnit.SECONDS);
            case UNIX_MILLISECONDS -> sinceEpoch(text, ChronoUnit.MILLIS);
            case UNIX_SECONDS_OR_ISO_8601 ->
                    sinceEpoch(text, ChronoUnit.SECONDS).or(() -> timestamp(text));
            case RFC_2822 -> MailDate.parse(text).or(() -> timestamp(text));
            case DAY_MONTH_YEAR ->
                    dayMonthYear(text).map(date -> date.atStartOfDay(ZoneOffset.UTC).toInstant());
        };
    }

    /**
     * The instant of an ISO 8601 text in the years 1 to 9999; or of the date of an e-mail, which
     * some feeds write where ISO 8601 is asked for.
     */
    static Optional<Instant> timestamp(String text) {
        try {
            return inRange(OffsetDateTime.parse(text.strip(), TIMESTAMP).toInstant());
        } catch (DateTimeException e) {
            return MailDate.parse(text);
        }
    }

    /** The date at the start of an ISO 8601 text. */
    static Optional<LocalDate> date(String text) {
        String stripped = text.strip();
        try {
            return stripped.length() < 10
                    ? Optional.empty()
                    : Optional.of(LocalDate.parse(stripped.substring(0, 10)));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** The date of {@code 31-12-2024}. */
    static Optional<LocalDate> dayMonthYear(String text) {
        try {
            return Optional.of(LocalDate.parse(text.strip(), DAY_MONTH_YEAR));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** The date on which an instant falls in UTC. */
    static LocalDate utcDate(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC).toLocalDate();
    }

    /** The instant of microseconds since the epoch. */
    static Instant ofMicros(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    /**
     * The instant of a number since the epoch, fractions allowed.
     *
     * @param unit seconds or milliseconds
     */
    static Optional<Instant> sinceEpoch(String number, ChronoUnit unit) {
        if (number.length() > 40) {
            return Optional.empty();
        }
        if (unit == ChronoUnit.SECONDS && isShortCount(number)) {
            return inRange(Instant.ofEpochSecond(Long.parseLong(number)));
        }
        try {
            BigDecimal micros =
                    new BigDecimal(number.strip())
                            .movePointRight(unit == ChronoUnit.SECONDS ? 6 : 3);
            return inRange(
                    Instant.EPOCH.plus(micros.toBigInteger().longValueExact(), ChronoUnit.MICROS));
        } catch (ArithmeticException | DateTimeException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** What vendors mostly send, without the detour over decimals. */
    private static boolean isShortCount(String number) {
        if (number.isEmpty() || number.length() > 12) {
            return false;
        }
        for (int i = 0; i < number.length(); i++) {
            if (number.charAt(i) < '0' || number.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    /** Text form Postgres reads as timestamptz, microseconds kept. */
    static String sql(Instant instant) {
        return instant.getNano() == 0 && inRange(instant).isPresent()
                ? wholeSecond(instant.getEpochSecond())
                : instant.truncatedTo(ChronoUnit.MICROS).toString();
    }

    /** As {@link Instant#toString} writes it, at a tenth of the cost. */
    private static String wholeSecond(long epochSecond) {
        LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(epochSecond, SECONDS_A_DAY));
        int second = (int) Math.floorMod(epochSecond, SECONDS_A_DAY);
        byte[] text = "0000-00-00T00:00:00Z".getBytes(StandardCharsets.ISO_8859_1);
        digits(text, 0, date.getYear() / 100);
        digits(text, 2, date.getYear() % 100);
        digits(text, 5, date.getMonthValue());
        digits(text, 8, date.getDayOfMonth());
        digits(text, 11, second / 3600);
        digits(text, 14, second / 60 % 60);
        digits(text, 17, second % 60);
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    private static void digits(byte[] text, int at, int number) {
        text[at] = (byte) ('0' + number / 10);
        text[at + 1] = (byte) ('0' + number % 10);
    }

    /** Microseconds since the epoch. */
    static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    static Optional<Instant> inRange(Instant instant) {
        long second = instant.getEpochSecond();
        return second >= FIRST_SECOND && second <= LAST_SECOND
                ? Optional.of(instant)
                : Optional.empty();
    }
}
