package io.webhookdb.schemas.row;

import com.fasterxml.jackson.core.JsonToken;
import io.webhookdb.schemas.catalog.Column;
import io.webhookdb.schemas.catalog.Condition;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.catalog.Source;
import io.webhookdb.schemas.catalog.TimeSource;
import io.webhookdb.schemas.event.Event;
import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The values of one request a definition asks for: headers, places in the event, places in the
 * resource, whether the resource is wrapped or not. All places are registered when it is built;
 * each {@link #read} forgets the request before.
 */
final class RequestValues {
    private static final int NOWHERE = -1;

    private final JsonScanner scanner = new JsonScanner();
    private final ServiceDefinition service;
    private final Map<Source, Place> places = new HashMap<>();
    private Event event;
    private byte[] body;
    private int offset;
    private boolean wrapped;

    RequestValues(ServiceDefinition service) {
        this.service = service;
        service.envelope().wrappedWhen().forEach(condition -> register(condition.source()));
        service.accept().forEach(condition -> register(condition.source()));
        service.deletes().forEach(rule -> rule.forEach(condition -> register(condition.source())));
        service.versionTime().stream().map(TimeSource::source).forEach(this::register);
        if (service.deliveryId() != null) {
            register(service.deliveryId());
        }
    }

    private void register(Source source) {
        if (source.event() != null) {
            places.put(source, eventPlace(source.event()));
        } else if (source.resource() != null) {
            places.put(source, resourcePlace(source.resource()));
        }
    }

    /** A place in the whole body; only read when the resource is wrapped, except by conditions. */
    Place eventPlace(String pointer) {
        return new Place(scanner.slot(pointer), NOWHERE);
    }

    /** A place in the resource. */
    Place resourcePlace(String pointer) {
        String root = service.envelope().resource();
        return new Place(
                root == null ? NOWHERE : scanner.slot(root + pointer), scanner.slot(pointer));
    }

    /**
     * Scans the body.
     *
     * @throws IOException if it is no JSON document
     */
    void read(Event request, byte[] requestBody) throws IOException {
        event = request;
        body = requestBody;
        offset = startsWithByteOrderMark(requestBody) ? 3 : 0;
        scanner.scan(requestBody, offset, requestBody.length - offset);
        wrapped = false;
        for (Condition condition : service.envelope().wrappedWhen()) {
            wrapped |= condition.passes(valueInWholeBody(condition.source()));
        }
    }

    private static boolean startsWithByteOrderMark(byte[] bytes) {
        return bytes.length > 3
                && bytes[0] == (byte) 0xEF
                && bytes[1] == (byte) 0xBB
                && bytes[2] == (byte) 0xBF;
    }

    /** Whether the resource came wrapped in an event. */
    boolean isWrapped() {
        return wrapped;
    }

    /** Whether the condition's value passes. */
    boolean passes(Condition condition) {
        return condition.passes(text(condition.source()));
    }

    /** Text of a scalar that is not null; null if there is none. */
    String text(Source source) {
        if (source.header() != null) {
            return event.header(source.header().toLowerCase(Locale.ROOT));
        }
        int slot = slot(places.get(source));
        return slot == NOWHERE ? null : scanner.scalar(slot);
    }

    /**
     * Before it is known whether the resource is wrapped, event pointers read the body as it is.
     */
    private String valueInWholeBody(Source source) {
        return source.event() == null ? text(source) : scanner.scalar(places.get(source).wrapped());
    }

    private int slot(Place place) {
        return wrapped ? place.wrapped() : place.bare();
    }

    boolean present(Place place) {
        return kind(place) != null;
    }

    /** Token that begins the value; null if there is none. */
    JsonToken kind(Place place) {
        int slot = slot(place);
        return slot == NOWHERE ? null : scanner.kind(slot);
    }

    /** Text of a scalar. */
    String text(Place place) {
        return scanner.text(slot(place));
    }

    /** The object or array, cleaned for jsonb. */
    byte[] clean(Place place) {
        int slot = slot(place);
        return JsonBytes.clean(body, offset + scanner.start(slot), offset + scanner.end(slot));
    }

    /** The array as Postgres array text; empty if it does not fit the column. */
    Optional<String> array(Column column, Place place) throws IOException {
        int slot = slot(place);
        return ArrayText.of(column, body, offset + scanner.start(slot), offset + scanner.end(slot));
    }
}
