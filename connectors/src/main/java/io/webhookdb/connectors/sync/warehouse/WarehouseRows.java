package io.webhookdb.connectors.sync.warehouse;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.webhookdb.connectors.sync.SyncException;
import io.webhookdb.connectors.sync.SyncFailure;
import io.webhookdb.connectors.sync.SyncPage;
import io.webhookdb.connectors.sync.SyncRow;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** Rows of a page as cells of text, in the order of {@link WarehouseColumn#of}. */
public final class WarehouseRows {
    /** Numbers keep every digit. */
    private static final ObjectReader JSON =
            JsonMapper.builder()
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .build()
                    .readerFor(JsonNode.class);

    private final List<WarehouseColumn> columns;
    private final String keyColumn;
    private final CellLimits limits;
    private final Cell cell;
    private final String syncedAt;

    private WarehouseRows(SyncPage page, CellLimits limits) {
        this.columns = WarehouseColumn.of(page.table());
        this.keyColumn = page.table().service().key().column();
        this.limits = limits;
        this.cell = new Cell(limits);
        this.syncedAt = Cell.of(page.startedAt());
    }

    /**
     * The rows of a page.
     *
     * @return per row a cell per column, null for NULL
     * @throws SyncException poison, naming the column, if a row does not fit the warehouse
     */
    public static List<List<String>> of(SyncPage page, CellLimits limits) throws SyncException {
        WarehouseRows form = new WarehouseRows(page, limits);
        List<List<String>> rows = new ArrayList<>(page.rows().size());
        for (SyncRow row : page.rows()) {
            rows.add(form.cells(row));
        }
        return rows;
    }

    private List<String> cells(SyncRow row) throws SyncException {
        JsonNode values = read(row);
        List<String> cells = new ArrayList<>(columns.size());
        for (WarehouseColumn column : columns) {
            cells.add(value(column, row, values));
        }
        long bytes = CsvFile.bytes(cells);
        if (bytes > limits.rowBytes()) {
            throw new SyncException(
                    SyncFailure.POISON,
                    "The row has "
                            + bytes
                            + " bytes, where at most "
                            + limits.rowBytes()
                            + " can be loaded.");
        }
        return cells;
    }

    private String value(WarehouseColumn column, SyncRow row, JsonNode values)
            throws SyncException {
        return switch (column.name()) {
            case WarehouseColumn.PK -> Long.toString(row.pk());
            case WarehouseColumn.VERSION -> row.version();
            case WarehouseColumn.SYNCED_AT -> syncedAt;
            case WarehouseColumn.DELETED_AT -> row.deleted() ? Cell.of(deletedAt(row)) : null;
            case WarehouseColumn.DATA -> cell.json(column, new String(row.data(), UTF_8));
            default ->
                    column.name().equals(keyColumn)
                            ? cell.text(column, row.key())
                            : cell.of(column, values.get(column.name()));
        };
    }

    /** The version time of the delete. */
    private static Instant deletedAt(SyncRow row) {
        return Instant.EPOCH.plus(row.parsedVersion().timeMicros(), ChronoUnit.MICROS);
    }

    private static JsonNode read(SyncRow row) throws SyncException {
        try {
            return JSON.readTree(row.row());
        } catch (IOException e) {
            // The cause would quote the row.
            throw new SyncException(SyncFailure.POISON, "The row is no JSON object.");
        }
    }
}
