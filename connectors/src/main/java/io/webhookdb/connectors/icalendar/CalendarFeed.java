package io.webhookdb.connectors.icalendar;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.webhookdb.connectors.icalendar.ContentLines.Property;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The events of an iCalendar object (RFC 5545), one object per row. An event that recurs becomes
 * its occurrences up to {@link #YEARS} ahead: their UID is {@code <uid>-<sequence>}, counted from 0
 * in order of time. An exception takes the place of the occurrence it names; one whose occurrence
 * is not there gets the next number; one whose series is not there stands alone. What has no UID or
 * no readable beginning is left out. Pure.
 */
public final class CalendarFeed {
    /** How far ahead series are projected. */
    static final int YEARS = 5;

    /** No calendar of people has more; what is beyond is left out. */
    static final int MOST_ITEMS = 200_000;

    private CalendarFeed() {}

    /** Whether the bytes are an iCalendar object at all. */
    public static boolean isOne(byte[] ics) {
        return ContentLines.of(ics).stream()
                .anyMatch(
                        property ->
                                property.name().equals("BEGIN")
                                        && property.value().strip().equalsIgnoreCase("VCALENDAR"));
    }

    /**
     * The rows.
     *
     * @param ics the object, in UTF-8
     * @param now from when the projection reaches ahead
     */
    public static List<ObjectNode> events(byte[] ics, Instant now) {
        Instant horizon = now.atOffset(ZoneOffset.UTC).plusYears(YEARS).toInstant();
        Map<String, List<CalendarEvent>> byUid = new LinkedHashMap<>();
        for (CalendarEvent event : parsed(ContentLines.of(ics))) {
            byUid.computeIfAbsent(event.uid(), uid -> new ArrayList<>()).add(event);
        }
        List<ObjectNode> items = new ArrayList<>();
        for (List<CalendarEvent> sameUid : byUid.values()) {
            if (items.size() < MOST_ITEMS) {
                items.addAll(rows(sameUid, horizon));
            }
        }
        return items;
    }

    private static List<CalendarEvent> parsed(List<Property> lines) {
        List<CalendarEvent> events = new ArrayList<>();
        List<Property> current = null;
        int nested = 0;
        for (Property line : lines) {
            boolean isEvent = line.value().strip().equalsIgnoreCase("VEVENT");
            if (line.name().equals("BEGIN")) {
                if (current != null) {
                    nested++;
                } else if (isEvent) {
                    current = new ArrayList<>();
                }
            } else if (line.name().equals("END")) {
                if (nested > 0) {
                    nested--;
                } else if (current != null && isEvent) {
                    CalendarEvent.of(current).ifPresent(events::add);
                    current = null;
                }
            } else if (current != null && nested == 0) {
                current.add(line);
            }
        }
        return events;
    }

    private static List<ObjectNode> rows(List<CalendarEvent> sameUid, Instant horizon) {
        Optional<CalendarEvent> series =
                sameUid.stream().filter(CalendarEvent::recurs).reduce((earlier, later) -> later);
        if (series.isEmpty()) {
            return List.of(EventItem.single(sameUid.get(sameUid.size() - 1)));
        }
        CalendarEvent master = series.get();
        List<Moment> times =
                Occurrences.of(
                        master.start(),
                        master.all("RRULE").stream().map(Property::value).toList(),
                        master.all("RDATE"),
                        master.all("EXDATE"),
                        horizon);
        List<CalendarEvent> occurrences = new ArrayList<>();
        times.forEach(time -> occurrences.add(master.at(time)));
        for (CalendarEvent exception : sameUid) {
            exception
                    .replaces()
                    .ifPresent(
                            replaced -> {
                                int at = find(times, replaced);
                                if (at < 0) {
                                    occurrences.add(exception);
                                } else {
                                    occurrences.set(at, exception);
                                }
                            });
        }
        List<ObjectNode> rows = new ArrayList<>(occurrences.size());
        for (int i = 0; i < occurrences.size(); i++) {
            rows.add(EventItem.occurrence(occurrences.get(i), i));
        }
        return rows;
    }

    private static int find(List<Moment> times, Moment replaced) {
        for (int i = 0; i < times.size(); i++) {
            Moment time = times.get(i);
            boolean same =
                    replaced.kind() == Moment.Kind.ZONED
                            ? time.instant().equals(replaced.instant())
                            : replaced.isDate()
                                    ? time.date().equals(replaced.date())
                                    : time.wall().equals(replaced.wall());
            if (same) {
                return i;
            }
        }
        return -1;
    }
}
