package io.webhookdb.connectors.sync;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.webhookdb.connectors.copy.CopyBytes;
import io.webhookdb.connectors.sync.CopyCell.OddCell;
import io.webhookdb.schemas.catalog.Column;
import io.webhookdb.schemas.catalog.ColumnType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Pages in the binary form of COPY: columns {@code pk}, the key, the catalogue's, {@code _version},
 * {@code _deleted_at} and, where there is one, {@code data}. In order of keys, so that two writers
 * cannot lock each other out.
 */
final class CopyRows {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int OVERHEAD = 100;

    private final SyncTable table;
    private final ColumnType key;
    private final Map<String, Integer> places = new HashMap<>();
    private final ColumnType[] types;
    private final Object[] cells;

    CopyRows(SyncTable table) {
        this.table = table;
        this.key = table.service().key().type();
        List<Column> columns = table.service().columns();
        this.types = new ColumnType[columns.size()];
        this.cells = new Object[columns.size()];
        for (int i = 0; i < types.length; i++) {
            types[i] = columns.get(i).type();
            places.put(columns.get(i).name(), i);
        }
    }

    /** Names and types of the columns, in order. */
    static Map<String, String> columns(SyncTable table) {
        Map<String, String> columns = new LinkedHashMap<>();
        columns.put("pk", "bigint");
        columns.put(table.service().key().column(), table.service().key().type().sql());
        table.service().columns().forEach(one -> columns.put(one.name(), one.type().sql()));
        columns.put("_version", "bytea");
        columns.put("_deleted_at", "timestamptz");
        if (table.hasResource()) {
            columns.put("data", "jsonb");
        }
        return columns;
    }

    /** The page; empty if the server had better read it in another form. */
    Optional<CopyBytes> of(List<SyncRow> rows) {
        List<SyncRow> sorted = new ArrayList<>(rows);
        sorted.sort(Comparator.comparing(SyncRow::key));
        long expected = sorted.stream().mapToLong(row -> row.weight() + OVERHEAD).sum();
        CopyBytes out = new CopyBytes((int) Math.min(expected, Integer.MAX_VALUE / 2));
        try {
            for (SyncRow row : sorted) {
                write(row, out);
            }
        } catch (OddCell | IOException e) {
            return Optional.empty();
        }
        out.end();
        return Optional.of(out);
    }

    private void write(SyncRow row, CopyBytes out) throws OddCell, IOException {
        read(row.row());
        out.row(types.length + (table.hasResource() ? 5 : 4));
        out.int8(row.pk());
        CopyCell.write(key, row.key(), out);
        for (int i = 0; i < types.length; i++) {
            write(types[i], cells[i], row.row(), out);
        }
        out.field(HexFormat.of().parseHex(row.version()));
        if (row.deleted()) {
            out.int8(CopyTime.micros(HttpSyncBody.deletedAt(row)));
        } else {
            out.nothing();
        }
        if (table.hasResource()) {
            out.jsonb(row.data(), 0, row.data().length);
        }
    }

    /** Where a JSON value lies in the row. */
    private record Slice(int from, int to) {}

    private void read(byte[] json) throws OddCell, IOException {
        Arrays.fill(cells, null);
        try (JsonParser parser = JSON.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new OddCell();
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                Integer place = places.get(parser.currentName());
                JsonToken value = parser.nextToken();
                if (place == null) {
                    parser.skipChildren();
                } else if (value != JsonToken.VALUE_NULL) {
                    cells[place] = cell(types[place], value, parser);
                }
            }
        }
    }

    private static Object cell(ColumnType type, JsonToken value, JsonParser parser)
            throws OddCell, IOException {
        if (type == ColumnType.JSONB) {
            int from = (int) parser.currentTokenLocation().getByteOffset();
            // A string is read lazily; its end is known only then.
            parser.finishToken();
            parser.skipChildren();
            return new Slice(from, (int) parser.currentLocation().getByteOffset());
        }
        if (type.isArray()) {
            return list(value, parser);
        }
        if (!value.isScalarValue()) {
            throw new OddCell();
        }
        return parser.getText();
    }

    private static List<String> list(JsonToken value, JsonParser parser)
            throws OddCell, IOException {
        if (value != JsonToken.START_ARRAY) {
            throw new OddCell();
        }
        List<String> values = new ArrayList<>();
        for (JsonToken at = parser.nextToken();
                at != JsonToken.END_ARRAY;
                at = parser.nextToken()) {
            if (at == null || !at.isScalarValue()) {
                throw new OddCell();
            }
            values.add(at == JsonToken.VALUE_NULL ? null : parser.getText());
        }
        return values;
    }

    @SuppressWarnings("unchecked")
    private static void write(ColumnType type, Object cell, byte[] json, CopyBytes out)
            throws OddCell {
        if (cell == null) {
            out.nothing();
        } else if (cell instanceof Slice slice) {
            out.jsonb(json, slice.from(), slice.to());
        } else if (cell instanceof List<?> values) {
            CopyCell.write(type, (List<String>) values, out);
        } else {
            CopyCell.write(type, (String) cell, out);
        }
    }
}
