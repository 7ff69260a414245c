package io.webhookdb.controlplane.api.services;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.webhookdb.controlplane.api.http.Json;
import io.webhookdb.schemas.catalog.CatalogProblem;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.event.Event;
import io.webhookdb.schemas.event.EventIds;
import io.webhookdb.schemas.event.Origin;
import io.webhookdb.schemas.row.Extraction;
import io.webhookdb.schemas.row.RowExtractor;
import io.webhookdb.schemas.row.RowUpdate;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the catalogue's contract test asks of every service, asked of one's own with one's own
 * requests: each becomes the rows that are written beside it, the same when it comes again, and a
 * later one is no older.
 *
 * <p>A fixture is {@code {"headers": {...}, "body": ..., "rows": [{"column": value}]}}, or a body
 * alone. Columns that rows leave out are not compared; {@code []} says that the request is ignored.
 */
final class FixtureTrial {
    private static final long RECEIVED_MICROS = 1_700_000_000_000_000L;
    private static final long LATER_MICROS = 60_000_000L;

    private final ServiceDefinition service;
    private final EventIds ids = new EventIds();
    private final List<CatalogProblem> problems = new ArrayList<>();
    private int rows;

    private FixtureTrial(ServiceDefinition service) {
        this.service = service;
    }

    /**
     * What came out.
     *
     * @param rows how many rows the fixtures make
     * @param problems with the name of the fixture as file; none if all is right
     */
    record Outcome(int rows, List<CatalogProblem> problems) {}

    /**
     * Tries all.
     *
     * @param fixtures texts by name
     */
    static Outcome run(ServiceDefinition service, Map<String, String> fixtures) {
        FixtureTrial trial = new FixtureTrial(service);
        new TreeMap<>(fixtures).forEach(trial::one);
        return new Outcome(trial.rows, trial.problems);
    }

    private void one(String name, String text) {
        JsonNode file;
        try {
            file = Json.MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            add(name, "", "is no JSON: line " + e.getLocation().getLineNr() + ".");
            return;
        }
        JsonNode body = file.has("body") ? file.get("body") : file;
        Map<String, String> headers =
                (file.has("body") ? file.path("headers") : Json.MAPPER.createObjectNode())
                        .properties().stream()
                                .collect(
                                        Collectors.toMap(
                                                header -> header.getKey().toLowerCase(Locale.ROOT),
                                                header -> header.getValue().asText()));
        Extraction first = extract(body, headers, RECEIVED_MICROS);
        if (first instanceof Extraction.Poison poison) {
            add(name, "/body", "becomes a dead letter: " + poison.message());
            return;
        }
        List<RowUpdate> updates =
                first instanceof Extraction.Rows found ? found.updates() : List.of();
        rows += updates.size();
        if (file.has("body") && file.has("rows")) {
            compare(name, updates, file.get("rows"));
        } else if (updates.isEmpty()) {
            add(name, "/body", "becomes no row; if that is meant, say \"rows\": [].");
        }
        if (first instanceof Extraction.Rows found && !found.drift().isEmpty()) {
            add(
                    name,
                    "/body",
                    "lacks, or has of another type: "
                            + String.join(", ", found.drift().stream().distinct().toList())
                            + ".");
        }
        repeated(name, updates, extract(body, headers, RECEIVED_MICROS + LATER_MICROS));
    }

    private void compare(String name, List<RowUpdate> updates, JsonNode expected) {
        if (updates.size() != expected.size()) {
            add(
                    name,
                    "/rows",
                    "expected are " + expected.size() + " rows, found " + updates.size() + ".");
            return;
        }
        List<String> columns = service.columns().stream().map(column -> column.name()).toList();
        for (int i = 0; i < updates.size(); i++) {
            RowUpdate update = updates.get(i);
            String place = "/rows/" + i + "/";
            for (Map.Entry<String, JsonNode> cell : expected.get(i).properties()) {
                String column = cell.getKey();
                int at = columns.indexOf(column);
                if (at < 0 && !column.equals(service.key().column())) {
                    add(name, place + column, "is no column. Allowed: " + columns + ".");
                    continue;
                }
                String found = at < 0 ? update.key() : update.cells()[at];
                String wanted = cell.getValue().isNull() ? null : text(cell.getValue());
                if (found == null ? wanted != null : !found.equals(wanted)) {
                    add(name, place + column, "expected " + wanted + ", found " + found + ".");
                }
            }
        }
    }

    private static String text(JsonNode value) {
        return value.isValueNode() ? value.asText() : value.toString();
    }

    private void repeated(String name, List<RowUpdate> first, Extraction again) {
        List<RowUpdate> second =
                again instanceof Extraction.Rows found ? found.updates() : List.of();
        for (int i = 0; i < Math.min(first.size(), second.size()); i++) {
            RowUpdate one = first.get(i);
            RowUpdate other = second.get(i);
            boolean own = service.key().generated() != null;
            if (!own && !one.key().equals(other.key())) {
                add(name, "/key", "is another one when the request comes again.");
            }
            if (!own && !Arrays.equals(one.contentHash(), other.contentHash())) {
                add(name, "/body", "is another content when the request comes again.");
            }
            if (one.version().timeMicros() > other.version().timeMicros()) {
                add(name, "/version-time", "counts backwards.");
            }
        }
    }

    private Extraction extract(JsonNode body, Map<String, String> headers, long receivedMicros) {
        String text = body.isTextual() ? body.asText() : body.toString();
        return new RowExtractor(service)
                .extract(
                        new Event(
                                ids.next(),
                                "svi_try",
                                1,
                                receivedMicros,
                                Origin.WEBHOOK,
                                "POST",
                                "/",
                                "",
                                body.isTextual()
                                        ? "application/x-www-form-urlencoded"
                                        : "application/json",
                                headers,
                                "none",
                                text.getBytes(StandardCharsets.UTF_8)),
                        0,
                        1);
    }

    private void add(String file, String place, String message) {
        problems.add(new CatalogProblem(file, place, message));
    }
}
