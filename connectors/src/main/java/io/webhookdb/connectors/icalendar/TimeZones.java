package io.webhookdb.connectors.icalendar;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Optional;
import java.util.Properties;

/** What calendars call time zones: IANA names, names of Windows, or a path that ends in either. */
final class TimeZones {
    /** Names of Windows (Unicode CLDR, windowsZones.xml, territory 001) to IANA names. */
    private static final Properties WINDOWS = read();

    private TimeZones() {}

    /** The zone of that name; empty if nobody knows it. */
    static Optional<ZoneId> of(String name) {
        String plain = name.strip();
        Optional<ZoneId> zone = known(plain);
        // "/freeassociation.sourceforge.net/Europe/Berlin", "/mozilla.org/20050126_1/Asia/Tokyo"
        int slash = plain.indexOf('/');
        while (zone.isEmpty() && slash >= 0) {
            zone = known(plain.substring(slash + 1));
            slash = plain.indexOf('/', slash + 1);
        }
        return zone;
    }

    private static Optional<ZoneId> known(String name) {
        String iana = WINDOWS.getProperty(name.replace(' ', '_'), name);
        try {
            return Optional.of(ZoneId.of(iana, ZoneId.SHORT_IDS));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Properties read() {
        Properties names = new Properties();
        try (InputStream file =
                TimeZones.class.getResourceAsStream("/icalendar/windows-zones.properties")) {
            names.load(file);
            return names;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
