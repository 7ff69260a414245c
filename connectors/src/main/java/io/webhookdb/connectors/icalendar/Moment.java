package io.webhookdb.connectors.icalendar;

import io.webhookdb.connectors.icalendar.ContentLines.Property;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;

/**
 * A date or a date with time.
 *
 * @param wall as clocks there show it; midnight of a date
 * @param zone where; UTC if nobody said, or nobody knows the place
 * @param kind what was written
 */
record Moment(LocalDateTime wall, ZoneId zone, Kind kind) implements Comparable<Moment> {
    private static final DateTimeFormatter WALL = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss");
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("uuuuMMdd");

    /** What was written. */
    enum Kind {
        DATE,
        /** With a zone, or in UTC. */
        ZONED,
        /** The zone is missing or unknown: taken as UTC. */
        UNZONED
    }

    /** The value of a property; empty if it is no date and no time. */
    static Optional<Moment> of(Property property) {
        return of(property.value(), property.parameters());
    }

    /** A value with the parameters of its property. */
    static Optional<Moment> of(String value, Map<String, String> parameters) {
        String text = value.strip();
        boolean utc = text.endsWith("Z") || text.endsWith("z");
        String plain = utc ? text.substring(0, text.length() - 1) : text;
        try {
            if (plain.length() == 8) {
                return Optional.of(
                        new Moment(
                                LocalDate.parse(plain, DATE).atStartOfDay(),
                                ZoneOffset.UTC,
                                Kind.DATE));
            }
            LocalDateTime wall = LocalDateTime.parse(plain, WALL);
            if (utc) {
                return Optional.of(new Moment(wall, ZoneOffset.UTC, Kind.ZONED));
            }
            Optional<ZoneId> zone =
                    Optional.ofNullable(parameters.get("TZID")).flatMap(TimeZones::of);
            return Optional.of(
                    new Moment(
                            wall,
                            zone.orElse(ZoneOffset.UTC),
                            zone.isPresent() ? Kind.ZONED : Kind.UNZONED));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    boolean isDate() {
        return kind == Kind.DATE;
    }

    LocalDate date() {
        return wall.toLocalDate();
    }

    Instant instant() {
        return wall.atZone(zone).toInstant();
    }

    /** The same place at another time. */
    Moment at(LocalDateTime other) {
        return new Moment(other, zone, kind);
    }

    /** So much later: days by the calendar there, hours by the clock. */
    Moment plus(Duration duration) {
        return isDate()
                ? at(wall.plusDays(Math.max(1, duration.toDays())))
                : at(wall.atZone(zone).plus(duration).toLocalDateTime());
    }

    /** How long after another this is. */
    Duration since(Moment other) {
        return isDate()
                ? Duration.between(other.wall, wall)
                : Duration.between(other.instant(), instant());
    }

    /** As it is written in a property of the same kind. */
    String text() {
        if (isDate()) {
            return DATE.format(wall);
        }
        return WALL.format(wall) + (zone.equals(ZoneOffset.UTC) && kind == Kind.ZONED ? "Z" : "");
    }

    @Override
    public int compareTo(Moment other) {
        return instant().compareTo(other.instant());
    }
}
