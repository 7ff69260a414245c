package io.webhookdb.connectors.icalendar;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.webhookdb.connectors.icalendar.ContentLines.Property;
import java.util.Optional;
import java.util.Set;

/** An event as JSON: its properties, and below them what they mean. */
final class EventItem {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** Properties that may repeat: always lists (RFC 5545, section 3.6.1). */
    private static final Set<String> LISTS =
            Set.of(
                    "ATTACH",
                    "ATTENDEE",
                    "CATEGORIES",
                    "COMMENT",
                    "CONTACT",
                    "EXDATE",
                    "RSTATUS",
                    "REQUEST-STATUS",
                    "RELATED",
                    "RELATED-TO",
                    "RESOURCES",
                    "RDATE");

    private EventItem() {}

    /** An event on its own. */
    static ObjectNode single(CalendarEvent event) {
        ObjectNode item = properties(event);
        Moment start = event.start();
        put(item, "start", start);
        event.end().ifPresent(end -> put(item, "end", end));
        item.put("missing_timezone", start.kind() == Moment.Kind.UNZONED);
        instant(event, "LAST-MODIFIED", "last_modified_at", item);
        instant(event, "CREATED", "created_at", item);
        ArrayNode categories = item.putArray("categories");
        for (Property property : event.all("CATEGORIES")) {
            for (String category : property.value().split("(?<!\\\\),", -1)) {
                categories.add(plain(category).strip());
            }
        }
        return item;
    }

    /** An occurrence of a series. */
    static ObjectNode occurrence(CalendarEvent event, int sequence) {
        ObjectNode item = single(event);
        item.withObjectProperty("UID").put("v", event.uid() + "-" + sequence);
        item.put("recurring_event_id", event.uid());
        item.put("recurring_event_sequence", sequence);
        return item;
    }

    private static ObjectNode properties(CalendarEvent event) {
        ObjectNode item = JSON.objectNode();
        for (Property property : event.properties()) {
            ObjectNode value = JSON.objectNode().put("v", plain(property.value()));
            property.parameters().forEach(value::put);
            if (LISTS.contains(property.name())) {
                item.withArrayProperty(property.name()).add(value);
            } else {
                item.set(property.name(), value);
            }
        }
        return item;
    }

    private static void put(ObjectNode item, String which, Moment moment) {
        if (moment.isDate()) {
            item.put(which + "_date", moment.date().toString());
        } else {
            item.put(which + "_at", moment.instant().toString());
        }
    }

    private static void instant(CalendarEvent event, String name, String member, ObjectNode item) {
        Optional<Moment> moment = event.first(name).flatMap(Moment::of);
        moment.filter(time -> !time.isDate())
                .ifPresent(time -> item.put(member, time.instant().toString()));
    }

    /** Text without its escapes (RFC 5545, section 3.3.11). */
    private static String plain(String text) {
        if (text.indexOf('\\') < 0) {
            return text;
        }
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char here = text.charAt(i);
            if (here == '\\' && i + 1 < text.length()) {
                i++;
                char escaped = text.charAt(i);
                plain.append(
                        switch (escaped) {
                            case 'n', 'N' -> '\n';
                            case 'r' -> '\r';
                            case 't' -> '\t';
                            default -> escaped;
                        });
            } else {
                plain.append(here);
            }
        }
        return plain.toString();
    }
}
