package io.webhookdb.controlplane.api.services;

import io.webhookdb.controlplane.api.http.Blocks;
import io.webhookdb.schemas.catalog.Column;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.event.Event;
import io.webhookdb.schemas.event.EventIds;
import io.webhookdb.schemas.event.Origin;
import io.webhookdb.schemas.row.Extraction;
import io.webhookdb.schemas.row.RowExtractor;
import io.webhookdb.schemas.row.RowUpdate;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Shows what a definition makes of a request, without sending it anywhere. */
final class Trial {
    /** Rows shown of a list. */
    private static final int SHOWN = 20;

    private final ServiceDefinition service;
    private final Blocks blocks = new Blocks();

    private Trial(ServiceDefinition service) {
        this.service = service;
    }

    /**
     * Lines and tables for a person.
     *
     * @param headers names in lower case
     */
    static Blocks.Body run(ServiceDefinition service, String payload, Map<String, String> headers) {
        Event event =
                new Event(
                        new EventIds().next(),
                        "svi_try",
                        1,
                        ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()),
                        Origin.WEBHOOK,
                        "POST",
                        "/",
                        "",
                        "application/json",
                        headers,
                        "none",
                        payload.getBytes(StandardCharsets.UTF_8));
        Trial trial = new Trial(service);
        trial.show(new RowExtractor(service).extract(event, 0, 1));
        return trial.blocks.body();
    }

    private void show(Extraction extraction) {
        if (extraction instanceof Extraction.Rows rows) {
            rows(rows);
        } else if (extraction instanceof Extraction.Ignored ignored) {
            blocks.line("No row: the request is acknowledged and ignored (" + ignored.why() + ").");
        } else if (extraction instanceof Extraction.Notification notification) {
            blocks.line(
                    "No row yet: the request names " + notification.reference() + ", to fetch.");
        } else if (extraction instanceof Extraction.Poison poison) {
            blocks.line("No row, and a dead letter: " + poison.message());
        }
    }

    private void rows(Extraction.Rows rows) {
        List<RowUpdate> updates = rows.updates();
        blocks.line(updates.size() == 1 ? "One row." : updates.size() + " rows.");
        updates.stream().limit(SHOWN).forEach(this::row);
        if (updates.size() > SHOWN) {
            blocks.line("And " + (updates.size() - SHOWN) + " more.");
        }
        if (!rows.drift().isEmpty()) {
            blocks.line(
                    "Missing or of another type, so NULL and counted: "
                            + String.join(", ", rows.drift().stream().distinct().toList())
                            + ". Columns that may be missing have presence: optional.");
        }
    }

    private void row(RowUpdate update) {
        List<List<String>> cells = new ArrayList<>();
        cells.add(Blocks.row(service.key().column(), service.key().type().sql(), update.key()));
        for (int i = 0; i < update.cells().length; i++) {
            Column column = service.columns().get(i);
            cells.add(Blocks.row(column.name(), column.type().sql(), update.cells()[i]));
        }
        cells.add(Blocks.row("data", "jsonb", new String(update.data(), StandardCharsets.UTF_8)));
        blocks.line("");
        blocks.line(
                (update.operation() == RowUpdate.Operation.UPSERT ? "Insert or update" : "Delete")
                        + ", version "
                        + Instant.EPOCH.plus(update.version().timeMicros(), ChronoUnit.MICROS));
        blocks.table(List.of("Column", "Type", "Value"), cells);
    }
}
