package io.webhookdb.connectors.sync;

import io.webhookdb.connectors.sync.CopyCell.OddCell;
import java.time.Instant;
import java.time.LocalDate;

/**
 * Points in time as Postgres prints them in JSON ({@code 2031-05-06T07:08:09.123456+02:00}), as
 * microseconds since 2000, as it stores them. Reads fixed places: a general parser took a quarter
 * of what a page took.
 */
final class CopyTime {
    private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");
    private static final int SHORTEST = "2031-05-06T07:08:09Z".length();
    private static final int MOST_DECIMALS = 6;
    private static final int SECONDS_OF_DAY = 86_400;
    private static final long MICROS = 1_000_000;

    private CopyTime() {}

    static long micros(Instant time) {
        return (time.getEpochSecond() - EPOCH.getEpochSecond()) * MICROS + time.getNano() / 1_000;
    }

    /**
     * @throws OddCell if it is spelled in another way
     */
    static long micros(String text) throws OddCell {
        if (text.length() < SHORTEST
                || text.charAt(4) != '-'
                || text.charAt(7) != '-'
                || text.charAt(10) != 'T'
                || text.charAt(13) != ':'
                || text.charAt(16) != ':') {
            throw new OddCell();
        }
        long day =
                LocalDate.of(
                                number(text, 0, 4, 9999),
                                number(text, 5, 7, 12),
                                number(text, 8, 10, 31))
                        .toEpochDay();
        int second =
                number(text, 11, 13, 23) * 3600
                        + number(text, 14, 16, 59) * 60
                        + number(text, 17, 19, 59);
        int at = SHORTEST - 1;
        long micros = 0;
        if (text.charAt(at) == '.') {
            int end = at + 1;
            while (end < text.length() && isDigit(text.charAt(end))) {
                end++;
            }
            int decimals = end - at - 1;
            if (decimals == 0 || decimals > MOST_DECIMALS) {
                throw new OddCell();
            }
            micros = number(text, at + 1, end, (int) MICROS);
            for (int i = decimals; i < MOST_DECIMALS; i++) {
                micros *= 10;
            }
            at = end;
        }
        long seconds = day * SECONDS_OF_DAY + second - offset(text, at);
        return (seconds - EPOCH.getEpochSecond()) * MICROS + micros;
    }

    /** Seconds east of Greenwich. */
    private static int offset(String text, int at) throws OddCell {
        int length = text.length() - at;
        if (length == 1 && text.charAt(at) == 'Z') {
            return 0;
        }
        boolean isShort = length == 3;
        boolean isLong = length == 6 && text.charAt(at + 3) == ':';
        char sign = length == 0 ? ' ' : text.charAt(at);
        if (!(isShort || isLong) || (sign != '+' && sign != '-')) {
            throw new OddCell();
        }
        int seconds =
                number(text, at + 1, at + 3, 23) * 3600
                        + (isLong ? number(text, at + 4, at + 6, 59) * 60 : 0);
        return sign == '+' ? seconds : -seconds;
    }

    private static int number(String text, int from, int to, int most) throws OddCell {
        int number = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (!isDigit(c)) {
                throw new OddCell();
            }
            number = number * 10 + c - '0';
        }
        if (number > most) {
            throw new OddCell();
        }
        return number;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
