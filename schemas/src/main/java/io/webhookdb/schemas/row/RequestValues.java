package io.webhookdb.schemas.row;

import com.fasterxml.jackson.core.JsonToken;
import io.webhookdb.schemas.catalog.Column;
import io.webhookdb.schemas.catalog.Condition;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.catalog.Source;
import io.webhookdb.schemas.catalog.TimeSource;
import io.webhookdb.schemas.event.Event;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * The values of one request a definition asks for: headers, places in the event, places in the
 * resource, however the resource came. All places are registered when it is built; each {@link
 * #read} forgets the request before.
 *
 * <p>The document is scanned once. Only the elements of a list are scanned again, one at a time.
 */
final class RequestValues {
    private final JsonScanner document = new JsonScanner();
    private final JsonScanner element = new JsonScanner();
    private final List<Condition> wrappedWhen;
    private final List<String> roots = new ArrayList<>();
    private final boolean listed;
    private final List<Integer> lists = new ArrayList<>();
    private final Map<Source, Place> places = new HashMap<>();

    /** The same by the condition itself, which is cheaper to find than by what it says. */
    private final Map<Condition, Place> tested = new IdentityHashMap<>();

    private final Place resource;
    private Event event;
    private byte[] body;
    private int offset;
    private boolean wrapped;
    private int root;
    private JsonScanner.Span current;
    private int index;

    RequestValues(ServiceDefinition service) {
        wrappedWhen = service.envelope().wrappedWhen();
        if (service.envelope().resource() != null) {
            roots.add(service.envelope().resource());
        }
        roots.addAll(service.envelope().alternatives());
        listed = !service.envelope().lists().isEmpty();
        service.envelope().lists().forEach(pointer -> lists.add(document.slot(pointer)));
        resource = resourcePlace("");
        wrappedWhen.forEach(this::register);
        service.accept().forEach(this::register);
        service.ignore().forEach(this::register);
        service.deletes().forEach(rule -> rule.forEach(this::register));
        service.versionTime().stream().map(TimeSource::source).forEach(this::register);
        service.columns().stream()
                .map(Column::fallback)
                .filter(Objects::nonNull)
                .forEach(
                        fallback -> {
                            register(fallback.when());
                            register(fallback.unless());
                        });
        if (service.deliveryId() != null) {
            register(service.deliveryId());
        }
    }

    /** Registers what a condition asks for; null is none. */
    void register(Condition condition) {
        if (condition != null) {
            register(condition.source());
            tested.put(condition, places.get(condition.source()));
        }
    }

    /** Registers a value. */
    void register(Source source) {
        if (source.event() != null) {
            places.put(source, eventPlace(source.event()));
        } else if (source.resource() != null) {
            places.put(source, resourcePlace(source.resource()));
        }
    }

    /** A place in the whole body; only read when the resource is wrapped, except by conditions. */
    Place eventPlace(String pointer) {
        return Place.inEvent(document.slot(pointer));
    }

    /** A place in the resource. */
    Place resourcePlace(String pointer) {
        return Place.inResource(
                document.slot(pointer),
                roots.stream().mapToInt(at -> document.slot(at + pointer)).toArray(),
                listed ? element.slot(pointer) : Place.NOWHERE);
    }

    /**
     * Scans the body.
     *
     * @throws IOException if it is no JSON document
     */
    void read(Event request, byte[] requestBody) throws IOException {
        event = request;
        body = requestBody;
        current = null;
        index = 0;
        offset = startsWithByteOrderMark(requestBody) ? 3 : 0;
        document.scan(requestBody, offset, requestBody.length - offset);
        wrapped = false;
        for (Condition condition : wrappedWhen) {
            wrapped |= condition.passes(valueInWholeBody(condition.source()));
        }
        root = 0;
        while (wrapped && root < roots.size() - 1 && !hasResource()) {
            root++;
        }
        if (wrapped && !hasResource()) {
            root = 0;
        }
        if (wrappedWhen.isEmpty()) {
            unwrapWhereSomethingIs();
        }
    }

    /** Without conditions the place tells: an event has an object there, a bare resource none. */
    private void unwrapWhereSomethingIs() {
        wrapped = true;
        for (root = 0; root < roots.size(); root++) {
            if (hasResource()) {
                return;
            }
        }
        root = 0;
        wrapped = false;
    }

    private static boolean startsWithByteOrderMark(byte[] bytes) {
        return bytes.length > 3
                && bytes[0] == (byte) 0xEF
                && bytes[1] == (byte) 0xBB
                && bytes[2] == (byte) 0xBF;
    }

    /** The elements of the first list the body has; empty if it has none. */
    Optional<List<JsonScanner.Span>> elements() throws IOException {
        for (int slot : lists) {
            if (document.kind(slot) == JsonToken.START_ARRAY) {
                return Optional.of(
                        JsonScanner.elements(
                                body, offset + document.start(slot), offset + document.end(slot)));
            }
        }
        return Optional.empty();
    }

    /** Makes one element of a list the resource; each element once, in order. */
    void select(JsonScanner.Span span) throws IOException {
        index = current == null ? 0 : index + 1;
        current = span;
        element.scan(body, span.from(), span.to() - span.from());
    }

    /** Which element of the list is the resource, from 0; 0 without a list. */
    int index() {
        return index;
    }

    /** The id of the event. */
    UUID eventId() {
        return event.id();
    }

    /** Whether the resource came wrapped in an event. */
    boolean isWrapped() {
        return wrapped;
    }

    /** Whether an object stands where the resource is expected. */
    boolean hasResource() {
        return kind(resource) == JsonToken.START_OBJECT;
    }

    /** The resource, cleaned for jsonb. */
    byte[] resource() {
        return clean(resource);
    }

    /** Whether the condition's value passes. */
    boolean passes(Condition condition) {
        return condition.passes(
                condition.header() != null
                        ? header(condition.source())
                        : comparable(tested.get(condition)));
    }

    /** Text of a scalar that is not null; null if there is none. */
    String text(Source source) {
        return source.header() != null ? header(source) : scalar(places.get(source));
    }

    private String header(Source source) {
        return event.header(source.header().toLowerCase(Locale.ROOT));
    }

    /**
     * Before it is known whether the resource is wrapped, event pointers read the body as it is.
     */
    private String valueInWholeBody(Source source) {
        if (source.header() != null) {
            return header(source);
        }
        Place place = places.get(source);
        return comparable(document, place.isInEvent() ? place.event() : place.bare());
    }

    private String comparable(Place place) {
        int slot = slot(place);
        return slot == Place.NOWHERE ? null : comparable(scanner(place), slot);
    }

    private static String comparable(JsonScanner scanner, int slot) {
        JsonToken kind = scanner.kind(slot);
        if (kind == JsonToken.START_OBJECT) {
            return "{}";
        }
        return kind == JsonToken.START_ARRAY ? "[]" : scanner.scalar(slot);
    }

    private JsonScanner scanner(Place place) {
        return current == null || place.isInEvent() ? document : element;
    }

    private int slot(Place place) {
        if (place.isInEvent()) {
            return wrapped ? place.event() : Place.NOWHERE;
        }
        if (current != null) {
            return place.element();
        }
        return wrapped ? place.wrapped(root) : place.bare();
    }

    boolean present(Place place) {
        return kind(place) != null;
    }

    /** Token that begins the value; null if there is none. */
    JsonToken kind(Place place) {
        int slot = slot(place);
        return slot == Place.NOWHERE ? null : scanner(place).kind(slot);
    }

    /** Text of a scalar that stands there. */
    String text(Place place) {
        return scanner(place).text(slot(place));
    }

    /** Text of a scalar that is not null; null if there is none. */
    String scalar(Place place) {
        int slot = slot(place);
        return slot == Place.NOWHERE ? null : scanner(place).scalar(slot);
    }

    /** The object or array that stands there, cleaned for jsonb. */
    byte[] clean(Place place) {
        return JsonBytes.clean(body, start(place), end(place));
    }

    /** The array that stands there as Postgres array text; empty if it does not fit the column. */
    Optional<String> array(Column column, Place place) throws IOException {
        return ArrayText.of(column, body, start(place), end(place));
    }

    private int start(Place place) {
        return origin(place) + scanner(place).start(slot(place));
    }

    private int end(Place place) {
        return origin(place) + scanner(place).end(slot(place));
    }

    private int origin(Place place) {
        return current == null || place.isInEvent() ? offset : current.from();
    }
}
