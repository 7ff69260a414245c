package io.webhookdb.schemas.row;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The date of an e-mail, RFC 2822 section 3.3 with its obsolete forms: {@code Thu, 30 Jul 2015
 * 20:12:31 +0000}. Day of the week, seconds and zone may be left out (then UTC); a comment after it
 * is ignored. Twilio writes all its times so.
 */
final class MailDate {
    private static final int LONGEST = 100;
    private static final List<String> MONTHS =
            List.of(
                    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov",
                    "dec");
    private static final List<String> UNIVERSAL = List.of("", "Z", "UT", "UTC", "GMT");

    /** Section 4.3, hours behind universal time. */
    private static final Map<String, Integer> NORTH_AMERICA =
            Map.of("EDT", 4, "EST", 5, "CDT", 5, "CST", 6, "MDT", 6, "MST", 7, "PDT", 7, "PST", 8);

    private static final Pattern FORM =
            Pattern.compile(
                    "(?:[A-Za-z]{3},\\s*)?(\\d{1,2})\\s+([A-Za-z]{3})\\s+(\\d{4}|\\d{2})"
                            + "\\s+(\\d{1,2}):(\\d{2})(?::(\\d{2}))?\\s*"
                            + "([+-]\\d{2}:?\\d{2}|[A-Z]{0,3})\\s*(?:\\([^()]*\\))?");

    private MailDate() {}

    static Optional<Instant> parse(String text) {
        String stripped = text.strip();
        Matcher form = FORM.matcher(stripped);
        if (stripped.length() > LONGEST || !form.matches()) {
            return Optional.empty();
        }
        int month = MONTHS.indexOf(form.group(2).toLowerCase(Locale.ROOT)) + 1;
        String zone = form.group(7);
        try {
            return TimeText.inRange(
                    LocalDateTime.of(
                                    year(form.group(3)),
                                    month,
                                    Integer.parseInt(form.group(1)),
                                    Integer.parseInt(form.group(4)),
                                    Integer.parseInt(form.group(5)),
                                    form.group(6) == null ? 0 : Integer.parseInt(form.group(6)))
                            .toInstant(offset(zone)));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** Section 4.3: of two digits what is less than 50 is of this century. */
    private static int year(String digits) {
        int year = Integer.parseInt(digits);
        return digits.length() == 4 ? year : year < 50 ? 2000 + year : 1900 + year;
    }

    private static ZoneOffset offset(String zone) {
        if (NORTH_AMERICA.containsKey(zone)) {
            return ZoneOffset.ofHours(-NORTH_AMERICA.get(zone));
        }
        return UNIVERSAL.contains(zone) ? ZoneOffset.UTC : ZoneOffset.of(zone);
    }
}
