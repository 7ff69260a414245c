package io.webhookdb.connectors.replica;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.webhookdb.schemas.catalog.ColumnType;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * Cells whose text says exactly what the server will print once they are stored, so that it need
 * not be asked. Everything here is null where that is not certain: an unusual spelling, or a type
 * whose values the server spells in its own way.
 */
final class SentCell {
    private static final int MICRO_DIGITS = 6;

    private SentCell() {}

    /** Whether values of the type can be certain at all. */
    static boolean knows(ColumnType type) {
        return switch (type) {
            case TEXT, INTEGER, BIGINT, BOOLEAN, DATE, TIMESTAMPTZ, UUID -> true;
            case DOUBLE, NUMERIC, JSONB, BIGINT_ARRAY, INTEGER_ARRAY, TEXT_ARRAY -> false;
        };
    }

    /** Whether the cell, of a type that can be, is certain. */
    static boolean isCertain(ColumnType type, String cell) {
        return switch (type) {
            case TEXT -> true;
            case INTEGER, BIGINT -> wholeNumber(type, cell) != null;
            case BOOLEAN -> cell.equals("true") || cell.equals("false");
            case DATE -> day(cell) != null;
            case UUID -> isUuid(cell);
            case TIMESTAMPTZ -> micros(cell) != null;
            default -> false;
        };
    }

    /** A certain cell, or none, as JSON, as the server would write it. */
    static String json(ColumnType type, String cell) {
        if (cell == null) {
            return "null";
        }
        return switch (type) {
            case TEXT -> quoted(cell);
            case DATE, UUID -> '"' + cell + '"';
            case TIMESTAMPTZ -> time(cell);
            default -> cell;
        };
    }

    static String quoted(String text) {
        StringBuilder json = new StringBuilder(text.length() + 8).append('"');
        JsonStringEncoder.getInstance().quoteAsString(text, json);
        return json.append('"').toString();
    }

    /** A number in its one canonical spelling that the type holds. */
    static Long wholeNumber(ColumnType type, String cell) {
        int digits = cell.startsWith("-") ? cell.length() - 1 : cell.length();
        int most = type == ColumnType.INTEGER ? 9 : 18;
        if (digits < 1 || digits > most) {
            return null;
        }
        char first = cell.charAt(cell.length() - digits);
        if (first == '0' && cell.length() > 1) {
            return null;
        }
        long value = 0;
        for (int i = cell.length() - digits; i < cell.length(); i++) {
            char c = cell.charAt(i);
            if (c < '0' || c > '9') {
                return null;
            }
            value = value * 10 + (c - '0');
        }
        return digits == cell.length() ? value : -value;
    }

    /** Days since 1970 of {@code 2024-02-29}. */
    static Long day(String cell) {
        return cell.length() == 10 ? dayAtStart(cell) : null;
    }

    private static Long dayAtStart(String cell) {
        int year = number(cell, 0, 4);
        int month = number(cell, 5, 7);
        int day = number(cell, 8, 10);
        if (year < 1 || month < 1 || day < 1 || cell.charAt(4) != '-' || cell.charAt(7) != '-') {
            return null;
        }
        try {
            return LocalDate.of(year, month, day).toEpochDay();
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** Microseconds since 1970 of {@code 2024-02-29T23:59:59.123456Z}, as ISO 8601 instants are. */
    static Long micros(String cell) {
        int length = cell.length();
        if (length < 20
                || length == 21
                || length > 27
                || cell.charAt(length - 1) != 'Z'
                || cell.charAt(10) != 'T'
                || cell.charAt(13) != ':'
                || cell.charAt(16) != ':') {
            return null;
        }
        Long day = dayAtStart(cell);
        int hour = number(cell, 11, 13);
        int minute = number(cell, 14, 16);
        int second = number(cell, 17, 19);
        int fraction = length == 20 ? 0 : number(cell, 20, length - 1);
        boolean valid =
                day != null
                        && hour >= 0
                        && hour < 24
                        && minute >= 0
                        && minute < 60
                        && second >= 0
                        && second < 60
                        && fraction >= 0
                        && (length == 20 || cell.charAt(19) == '.');
        if (!valid) {
            return null;
        }
        for (int digits = length == 20 ? MICRO_DIGITS : length - 21;
                digits < MICRO_DIGITS;
                digits++) {
            fraction *= 10;
        }
        long seconds = TimeUnit.DAYS.toSeconds(day) + hour * 3600L + minute * 60L + second;
        return TimeUnit.SECONDS.toMicros(seconds) + fraction;
    }

    /** Of a valid instant; the server writes no zeros at a fraction's end. */
    private static String time(String cell) {
        int end = cell.length() - 1;
        if (end > 19) {
            while (cell.charAt(end - 1) == '0') {
                end--;
            }
            end = cell.charAt(end - 1) == '.' ? end - 1 : end;
        }
        return '"' + cell.substring(0, end) + "+00:00\"";
    }

    /** The digits at {@code [from, to)}; -1 if there is anything else. */
    private static int number(String text, int from, int to) {
        int value = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            value = value * 10 + (c - '0');
        }
        return value;
    }

    /** Lower case, in five groups. */
    static boolean isUuid(String cell) {
        if (cell.length() != 36) {
            return false;
        }
        for (int i = 0; i < 36; i++) {
            char c = cell.charAt(i);
            boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
            boolean hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
            if (dash ? c != '-' : !hex) {
                return false;
            }
        }
        return true;
    }

    /** Of {@link #isUuid} text. */
    static UUID uuid(String cell) {
        return UUID.fromString(cell);
    }
}
