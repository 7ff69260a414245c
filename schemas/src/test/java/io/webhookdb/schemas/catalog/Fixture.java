package io.webhookdb.schemas.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.webhookdb.schemas.event.Event;
import io.webhookdb.schemas.event.EventIds;
import io.webhookdb.schemas.event.Origin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * One recorded or constructed request of a service.
 *
 * @param origin webhook, or backfill for a fetched item
 * @param headers request headers, names in lower case
 * @param body a JSON value, or the text of a form
 * @param id the event's, where the row depends on it
 */
record Fixture(Origin origin, Map<String, String> headers, JsonNode body, Optional<UUID> id) {
    static final Path FOLDER = Path.of("src/test/resources/fixtures");
    static final long RECEIVED_MICROS = 1_700_000_000_123_456L;

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final EventIds IDS = new EventIds();

    static Optional<Fixture> webhook(String service) {
        return read(service, "webhook.json", Origin.WEBHOOK);
    }

    static Optional<Fixture> delete(String service) {
        return read(service, "delete.json", Origin.WEBHOOK);
    }

    static Optional<Fixture> backfillItem(String service) {
        return read(service, "backfill-item.json", Origin.BACKFILL);
    }

    /** What the requests are expected to become. */
    static JsonNode expected(String service) {
        return json(FOLDER.resolve(service).resolve("expected-rows.json"));
    }

    /**
     * Something else that the vendor sends.
     *
     * @param rows what it becomes, see {@link OtherFormsTest}
     */
    record OtherForm(String about, Fixture request, JsonNode rows) {}

    /** What else the vendor sends; empty where nothing is recorded. */
    static List<OtherForm> otherForms(String service) {
        Path file = FOLDER.resolve(service).resolve("other-forms.json");
        List<OtherForm> forms = new ArrayList<>();
        if (Files.exists(file)) {
            for (JsonNode form : json(file)) {
                Origin origin = form.path("polled").asBoolean() ? Origin.BACKFILL : Origin.WEBHOOK;
                forms.add(
                        new OtherForm(
                                form.get("about").asText(),
                                read(file, form, origin),
                                form.get("rows")));
            }
        }
        return forms;
    }

    private static Optional<Fixture> read(String service, String name, Origin origin) {
        Path file = FOLDER.resolve(service).resolve(name);
        return Files.exists(file) ? Optional.of(read(file, json(file), origin)) : Optional.empty();
    }

    private static Fixture read(Path file, JsonNode json, Origin origin) {
        if (json.path("source").asText().isBlank()) {
            throw new IllegalStateException(file + " does not say where it is from.");
        }
        Map<String, String> headers = new LinkedHashMap<>();
        json.path("headers")
                .properties()
                .forEach(
                        header ->
                                headers.put(
                                        header.getKey().toLowerCase(Locale.ROOT),
                                        header.getValue().asText()));
        return new Fixture(
                origin,
                headers,
                json.has("form") ? json.get("form") : json.get("body"),
                Optional.ofNullable(json.get("event_id"))
                        .map(node -> UUID.fromString(node.asText())));
    }

    private static JsonNode json(Path file) {
        try {
            return MAPPER.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Fixture with(JsonNode otherBody) {
        return new Fixture(origin, headers, otherBody, id);
    }

    Fixture with(Map<String, String> otherHeaders) {
        return new Fixture(origin, otherHeaders, body, id);
    }

    /** A new event of this request. */
    Event event() {
        return event(RECEIVED_MICROS);
    }

    Event event(long receivedAtMicros) {
        String text = body.isTextual() ? body.asText() : body.toString();
        return new Event(
                id.orElseGet(IDS::next),
                "svi_1",
                1,
                receivedAtMicros,
                origin,
                "POST",
                "/",
                "",
                body.isTextual() ? "application/x-www-form-urlencoded" : "application/json",
                headers,
                "verified",
                text.getBytes(StandardCharsets.UTF_8));
    }
}
