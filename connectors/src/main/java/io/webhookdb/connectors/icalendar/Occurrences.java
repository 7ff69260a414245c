package io.webhookdb.connectors.icalendar;

import io.webhookdb.connectors.icalendar.ContentLines.Property;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TimeZone;
import java.util.TreeMap;
import org.dmfs.rfc5545.DateTime;
import org.dmfs.rfc5545.recur.InvalidRecurrenceRuleException;
import org.dmfs.rfc5545.recur.RecurrenceRule;
import org.dmfs.rfc5545.recur.RecurrenceRule.RfcMode;
import org.dmfs.rfc5545.recur.RecurrenceRuleIterator;

/**
 * When a recurring event takes place: rule, further dates and exceptions, by the clocks where it
 * is. Nothing before 2000, nothing after the horizon, and never more than {@link #MOST}.
 */
final class Occurrences {
    /** A daily event has 1,826 in five years. What has more of them is no appointment. */
    static final int MOST = 5_000;

    private static final Instant FIRST = Instant.parse("2000-01-01T00:00:00Z");

    /** Steps of a rule that begins long before 2000. */
    private static final int MOST_STEPS = 200_000;

    private Occurrences() {}

    /**
     * The times in order.
     *
     * @param rules values of RRULE
     * @param further properties RDATE
     * @param exceptions properties EXDATE
     */
    static List<Moment> of(
            Moment start,
            List<String> rules,
            List<Property> further,
            List<Property> exceptions,
            Instant horizon) {
        TreeMap<Instant, Moment> found = new TreeMap<>();
        if (rules.isEmpty()) {
            put(found, start, horizon);
        }
        for (String rule : rules) {
            project(start, rule, horizon, found);
        }
        times(further, start).forEach(moment -> put(found, moment, horizon));
        Set<Instant> left = new HashSet<>();
        for (Moment exception : times(exceptions, start)) {
            left.add(exception.instant());
            if (exception.isDate() && !start.isDate()) {
                // A day as exception of an event with a time leaves out that day.
                found.values().stream()
                        .filter(moment -> moment.date().equals(exception.date()))
                        .map(Moment::instant)
                        .forEach(left::add);
            }
        }
        found.keySet().removeAll(left);
        return found.values().stream().limit(MOST).toList();
    }

    private static void project(
            Moment start, String text, Instant horizon, TreeMap<Instant, Moment> found) {
        Optional<Moment> until = Optional.empty();
        List<String> parts = new ArrayList<>();
        // Of days of the year and of the month in a monthly rule those of the month are meant.
        String upper = text.toUpperCase(Locale.ROOT);
        boolean ofMonth = upper.contains("FREQ=MONTHLY") && upper.contains("BYMONTHDAY=");
        for (String part : upper.strip().split(";")) {
            if (ofMonth && part.startsWith("BYYEARDAY=")) {
                continue;
            }
            if (part.startsWith("UNTIL=")) {
                // Compared here: the kinds of UNTIL and DTSTART differ in practice.
                until = Moment.of(part.substring(6), Map.of());
            } else if (!part.isBlank()) {
                parts.add(part);
            }
        }
        LocalDateTime wall = start.wall();
        RecurrenceRuleIterator steps;
        try {
            steps =
                    new RecurrenceRule(String.join(";", parts), RfcMode.RFC5545_LAX)
                            .iterator(
                                    new DateTime(
                                            TimeZone.getTimeZone("UTC"),
                                            wall.getYear(),
                                            wall.getMonthValue() - 1,
                                            wall.getDayOfMonth(),
                                            wall.getHour(),
                                            wall.getMinute(),
                                            wall.getSecond()));
        } catch (InvalidRecurrenceRuleException | IllegalArgumentException e) {
            put(found, start, horizon);
            return;
        }
        for (int i = 0; i < MOST_STEPS && steps.hasNext() && found.size() < MOST; i++) {
            Moment moment =
                    start.at(
                            LocalDateTime.ofEpochSecond(
                                    Math.floorDiv(steps.nextMillis(), 1000L), 0, ZoneOffset.UTC));
            if (moment.instant().isAfter(horizon) || isAfter(moment, until)) {
                return;
            }
            put(found, moment, horizon);
        }
    }

    private static boolean isAfter(Moment moment, Optional<Moment> until) {
        if (until.isEmpty()) {
            return false;
        }
        Moment last = until.get();
        return switch (last.kind()) {
            case DATE -> moment.date().isAfter(last.date());
            case UNZONED -> moment.wall().isAfter(last.wall());
            case ZONED ->
                    moment.isDate()
                            ? moment.date().isAfter(last.date())
                            : moment.instant().isAfter(last.instant());
        };
    }

    private static void put(TreeMap<Instant, Moment> found, Moment moment, Instant horizon) {
        Instant instant = moment.instant();
        if (!instant.isBefore(FIRST) && !instant.isAfter(horizon)) {
            found.put(instant, moment);
        }
    }

    private static List<Moment> times(List<Property> properties, Moment start) {
        List<Moment> times = new ArrayList<>();
        for (Property property : properties) {
            for (String value : property.value().split(",")) {
                // Of a period only its beginning counts.
                Moment.of(value.split("/", 2)[0], property.parameters())
                        .map(
                                moment ->
                                        moment.kind() == Moment.Kind.UNZONED
                                                ? start.at(moment.wall())
                                                : moment)
                        .ifPresent(times::add);
            }
        }
        return times;
    }
}
