package io.webhookdb.connectors.icalendar;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Content lines (RFC 5545, section 3.1): unfolded, and taken apart. Broken ones are left out. */
final class ContentLines {
    private ContentLines() {}

    /**
     * One property.
     *
     * @param name upper case
     * @param parameters names upper case, values unquoted
     * @param value as it is written
     */
    record Property(String name, Map<String, String> parameters, String value) {
        Property {
            parameters = new LinkedHashMap<>(parameters);
        }

        /** The same property with another value. */
        Property with(String other) {
            return new Property(name, parameters, other);
        }
    }

    /** The lines of a text in UTF-8; what is none becomes the replacement character. */
    static List<Property> of(byte[] ics) {
        List<Property> properties = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String physical : new String(ics, StandardCharsets.UTF_8).split("\\r?\\n|\\r", -1)) {
            if (!physical.isEmpty() && (physical.charAt(0) == ' ' || physical.charAt(0) == '\t')) {
                line.append(physical, 1, physical.length());
            } else {
                add(line, properties);
                line.setLength(0);
                line.append(physical);
            }
        }
        add(line, properties);
        return properties;
    }

    private static void add(CharSequence line, List<Property> properties) {
        int value = separator(line, 0, ':');
        if (value <= 0) {
            return;
        }
        int name = Math.min(value, separator(line, 0, ';'));
        Map<String, String> parameters = new LinkedHashMap<>();
        int from = name;
        while (from < value) {
            int to = Math.min(value, separator(line, from + 1, ';'));
            String parameter = line.subSequence(from + 1, to).toString();
            int equals = parameter.indexOf('=');
            if (equals > 0) {
                parameters.put(
                        parameter.substring(0, equals).strip().toUpperCase(Locale.ROOT),
                        parameter.substring(equals + 1).replace("\"", ""));
            }
            from = to;
        }
        properties.add(
                new Property(
                        line.subSequence(0, name).toString().strip().toUpperCase(Locale.ROOT),
                        parameters,
                        line.subSequence(value + 1, line.length()).toString()));
    }

    /** Where that character stands outside quotes; for a semicolon the end if nowhere. */
    private static int separator(CharSequence line, int from, char wanted) {
        boolean quoted = false;
        for (int i = from; i < line.length(); i++) {
            char here = line.charAt(i);
            if (here == '"') {
                quoted = !quoted;
            } else if (here == wanted && !quoted) {
                return i;
            }
        }
        return wanted == ';' ? line.length() : -1;
    }
}
