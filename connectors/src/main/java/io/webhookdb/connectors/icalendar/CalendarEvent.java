package io.webhookdb.connectors.icalendar;

import io.webhookdb.connectors.icalendar.ContentLines.Property;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One VEVENT that has an identity and a beginning.
 *
 * @param properties in order, those of nested components left out
 */
record CalendarEvent(String uid, Moment start, Optional<Moment> end, List<Property> properties) {
    private static final Pattern WEEKS = Pattern.compile("([+-]?)P(\\d{1,6})W");

    /** Before this a year is a mistake, and nothing is projected from it. */
    private static final int FIRST_YEAR = 1000;

    /** The event of these properties; empty if it has no UID or no readable DTSTART. */
    static Optional<CalendarEvent> of(List<Property> properties) {
        Optional<String> uid =
                first(properties, "UID")
                        .map(property -> property.value().strip())
                        .filter(text -> !text.isEmpty());
        Optional<Moment> start = first(properties, "DTSTART").flatMap(Moment::of);
        if (uid.isEmpty() || start.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new CalendarEvent(
                        uid.get(), start.get(), end(properties, start.get()), properties));
    }

    /** DTEND, else by DURATION, else a day after a date, and the same time for a time. */
    private static Optional<Moment> end(List<Property> properties, Moment start) {
        Optional<Property> written = first(properties, "DTEND");
        if (written.isPresent()) {
            return Moment.of(written.get());
        }
        Duration otherwise = start.isDate() ? Duration.ofDays(1) : Duration.ZERO;
        return Optional.of(
                start.plus(
                        first(properties, "DURATION")
                                .flatMap(property -> duration(property.value()))
                                .orElse(otherwise)));
    }

    private static Optional<Duration> duration(String text) {
        Matcher weeks = WEEKS.matcher(text.strip());
        try {
            return Optional.of(
                    weeks.matches()
                            ? Duration.ofDays(7L * Integer.parseInt(weeks.group(2)))
                            : Duration.parse(text.strip()));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Optional<Property> first(List<Property> properties, String name) {
        return properties.stream().filter(property -> property.name().equals(name)).findFirst();
    }

    Optional<Property> first(String name) {
        return first(properties, name);
    }

    List<Property> all(String name) {
        return properties.stream().filter(property -> property.name().equals(name)).toList();
    }

    /** Which occurrence of its series this stands for; empty for the series itself. */
    Optional<Moment> replaces() {
        return first("RECURRENCE-ID").flatMap(Moment::of);
    }

    /** Whether several occurrences can be made of it. */
    boolean recurs() {
        boolean says = first("RRULE").isPresent() || first("RDATE").isPresent();
        boolean sound =
                start.wall().getYear() >= FIRST_YEAR
                        && (end.isEmpty()
                                || end.get().isDate() != start.isDate()
                                || !end.get().since(start).isNegative());
        return says && sound && replaces().isEmpty();
    }

    /** The same event at another time, without what makes it recur at others. */
    CalendarEvent at(Moment other) {
        Optional<Moment> otherEnd =
                end.map(
                        moment ->
                                moment.isDate() == start.isDate()
                                        ? shifted(other, moment.since(start), moment)
                                        : moment);
        List<Property> moved = new ArrayList<>();
        for (Property property : properties) {
            switch (property.name()) {
                case "DTSTART" -> moved.add(property.with(other.text()));
                case "DTEND" ->
                        moved.add(otherEnd.map(e -> property.with(e.text())).orElse(property));
                case "RDATE", "EXDATE" -> {}
                default -> moved.add(property);
            }
        }
        return new CalendarEvent(uid, other, otherEnd, moved);
    }

    /** In the zone the end is written in. */
    private static Moment shifted(Moment start, Duration length, Moment end) {
        if (end.isDate()) {
            return end.at(start.wall().plus(length));
        }
        return end.at(start.instant().plus(length).atZone(end.zone()).toLocalDateTime());
    }
}
