package io.webhookdb.schemas.catalog;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.webhookdb.schemas.event.Origin;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Changes requests at the places a definition reads. */
final class FixtureEdits {
    private FixtureEdits() {}

    /** The request with all its version times set to 2001; empty if it has none. */
    static Optional<Fixture> older(ServiceDefinition service, Fixture fixture) {
        JsonNode body = fixture.body().deepCopy();
        Map<String, String> headers = new LinkedHashMap<>(fixture.headers());
        boolean changed = false;
        for (TimeSource candidate : service.versionTime()) {
            String time = year2001(candidate.format());
            if (candidate.header() != null) {
                String name = candidate.header().toLowerCase(Locale.ROOT);
                changed |= headers.containsKey(name);
                headers.computeIfPresent(name, (key, value) -> time);
            } else if (candidate.event() != null) {
                changed |=
                        fixture.origin() == Origin.WEBHOOK
                                && set(body, candidate.event(), new TextNode(time));
            } else {
                for (String root : roots(service, body)) {
                    changed |= set(body, root + candidate.resource(), new TextNode(time));
                }
            }
        }
        return changed ? Optional.of(fixture.with(body).with(headers)) : Optional.empty();
    }

    /** The request with another value wherever a resource has one at the pointer. */
    static Optional<Fixture> with(
            ServiceDefinition service, Fixture fixture, String pointer, JsonNode value) {
        JsonNode body = fixture.body().deepCopy();
        boolean changed = false;
        for (String root : roots(service, body)) {
            changed |= set(body, root + pointer, value);
        }
        return changed ? Optional.of(fixture.with(body)) : Optional.empty();
    }

    /** Pointers to the resources in a body. */
    private static List<String> roots(ServiceDefinition service, JsonNode body) {
        Envelope envelope = service.envelope();
        List<String> roots = new ArrayList<>();
        for (String list : envelope.lists()) {
            for (int i = 0; i < body.at(list).size() && body.at(list).isArray(); i++) {
                roots.add(list + "/" + i);
            }
        }
        if (envelope.resource() != null) {
            roots.add(envelope.resource());
        }
        roots.addAll(envelope.alternatives());
        roots.add("");
        return roots.stream().filter(root -> body.at(root).isObject()).toList();
    }

    private static boolean set(JsonNode body, String pointer, JsonNode value) {
        JsonPointer place = JsonPointer.compile(pointer);
        if (body.at(place).isMissingNode()) {
            return false;
        }
        JsonNode parent = body.at(place.head());
        if (!(parent instanceof ObjectNode object)) {
            return false;
        }
        object.set(place.last().getMatchingProperty(), value);
        return true;
    }

    private static String year2001(TimeSource.Format format) {
        return switch (format) {
            case ISO_8601, UNIX_SECONDS_OR_ISO_8601 -> "2001-01-01T00:00:00Z";
            case UNIX_SECONDS -> "978307200";
            case UNIX_MILLISECONDS -> "978307200000";
            case RFC_2822 -> "Mon, 01 Jan 2001 00:00:00 +0000";
            case DAY_MONTH_YEAR -> "01-01-2001";
        };
    }
}
