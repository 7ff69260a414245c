package io.webhookdb.schemas.row;

import io.webhookdb.schemas.catalog.Column;
import io.webhookdb.schemas.catalog.Envelope;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.event.Event;
import io.webhookdb.schemas.event.Origin;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Cells of columns that came into the catalogue after a row was written, read from the resource the
 * table kept. What only the event or its headers held is gone: such cells are NULL. Not
 * thread-safe.
 */
public final class StoredCells {
    private static final UUID NOBODY = new UUID(0, 0);

    private final RequestValues values;
    private final List<CellReader> readers = new ArrayList<>();

    /**
     * @param service definition that has the columns
     * @param columns which of its columns
     */
    public StoredCells(ServiceDefinition service, List<Column> columns) {
        this.values = new RequestValues(bare(service));
        columns.forEach(column -> readers.add(new CellReader(values, column)));
    }

    /**
     * One cell per column, in Postgres text form; null is NULL.
     *
     * @param data the resource, UTF-8 JSON
     * @param receivedAtMicros when it was received
     * @param versionTimeMicros its version time
     */
    public String[] read(byte[] data, long receivedAtMicros, long versionTimeMicros) {
        String[] cells = new String[readers.size()];
        try {
            values.read(event(data, receivedAtMicros), data);
            CellReader.Times times = new CellReader.Times(receivedAtMicros, versionTimeMicros);
            List<String> drift = new ArrayList<>();
            for (int i = 0; i < cells.length; i++) {
                cells[i] = readers.get(i).cell(times, drift);
            }
            return cells;
        } catch (IOException e) {
            return new String[readers.size()];
        }
    }

    private static Event event(byte[] data, long receivedAtMicros) {
        return new Event(
                NOBODY,
                "",
                0,
                receivedAtMicros,
                Origin.WEBHOOK,
                "POST",
                "",
                "",
                "application/json",
                Map.of(),
                "none",
                data);
    }

    /** The table keeps resources as they are, whatever they came in. */
    private static ServiceDefinition bare(ServiceDefinition s) {
        return new ServiceDefinition(
                s.name(),
                s.vendor(),
                s.vendorName(),
                s.singular(),
                s.plural(),
                s.docsUrl(),
                s.modes(),
                s.key(),
                s.columns(),
                Envelope.BARE,
                s.accept(),
                s.versionTime(),
                s.deletes(),
                s.deliveryId(),
                s.verification(),
                s.reply(),
                s.keepHeaders(),
                s.setup(),
                s.parent(),
                s.body(),
                s.backfill(),
                s.routes(),
                s.connection(),
                s.registration(),
                s.provenance(),
                s.ignore(),
                null,
                null);
    }
}
