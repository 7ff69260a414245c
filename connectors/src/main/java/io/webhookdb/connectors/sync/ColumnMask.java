package io.webhookdb.connectors.sync;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.webhookdb.connectors.sync.SyncTable.Resource;
import io.webhookdb.schemas.catalog.Column;
import io.webhookdb.schemas.catalog.ColumnType;
import io.webhookdb.schemas.catalog.RemoteKey;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.control.SyncColumns;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Decides what of a table and its rows a target gets to see. The one place where this is decided,
 * and before anything is handed over.
 *
 * <p>The key is always there, if need be as a hash. A hash is HMAC-SHA-256 in hex over the value as
 * text, under a key of the target's own: equal values of any column of any table stay equal within
 * the target, so joins keep working, and nobody without the key can try candidates. NULL stays
 * NULL.
 */
final class ColumnMask {
    private static final String ALGORITHM = "HmacSHA256";
    private static final byte[] NOTHING = "null".getBytes(UTF_8);

    private final SyncColumns columns;
    private final Set<String> only;
    private final Set<String> dropped;
    private final Set<String> hashed;
    private final Mac mac;

    /**
     * @param key of the hashes; empty if there are none
     * @throws IllegalArgumentException if there are hashes and no key
     */
    ColumnMask(SyncColumns columns, byte[] key) {
        if (!columns.hashed().isEmpty() && key.length == 0) {
            throw new IllegalArgumentException(
                    "Columns " + columns.hashed() + " are to be hashed, and there is no key.");
        }
        this.columns = columns;
        this.only = Set.copyOf(columns.only());
        this.dropped = Set.copyOf(columns.dropped());
        this.hashed = Set.copyOf(columns.hashed());
        this.mac = columns.hashed().isEmpty() ? null : mac(key);
    }

    /** The table with the columns that are shown; hashed ones are text. */
    SyncTable table(SyncTable table) {
        if (columns.showAll() && columns.keepData()) {
            return table;
        }
        ServiceDefinition service = table.service();
        RemoteKey key = service.key();
        List<Column> shown =
                service.columns().stream()
                        .filter(column -> isShown(column.name()))
                        .map(column -> hashed.contains(column.name()) ? asText(column) : column)
                        .toList();
        return table.shown(
                of(service, hashed.contains(key.column()) ? asText(key) : key, shown),
                columns.keepData() ? Resource.PRESENT : Resource.ABSENT);
    }

    /** The row with the columns that are shown. */
    SyncRow row(SyncTable table, SyncRow row) {
        if (columns.showAll() && columns.keepData()) {
            return row;
        }
        String key = table.service().key().column();
        return new SyncRow(
                hashed.contains(key) ? hash(TextNode.valueOf(row.key())) : row.key(),
                row.pk(),
                row.version(),
                row.deleted(),
                columns.showAll() ? row.row() : cells(key, row.row()),
                columns.keepData() ? row.data() : NOTHING,
                row.trace());
    }

    private byte[] cells(String key, byte[] json) {
        try {
            ObjectNode cells = (ObjectNode) RowChangeReader.MAPPER.readTree(json);
            Set<String> hidden = new TreeSet<>();
            for (var cell : cells.properties()) {
                String name = cell.getKey();
                if (!name.equals(key) && !isShown(name)) {
                    hidden.add(name);
                } else if (hashed.contains(name) && !cell.getValue().isNull()) {
                    cell.setValue(TextNode.valueOf(hash(cell.getValue())));
                }
            }
            cells.remove(hidden);
            return RowChangeReader.MAPPER.writeValueAsBytes(cells);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean isShown(String column) {
        return !dropped.contains(column) && (only.isEmpty() || only.contains(column));
    }

    private String hash(JsonNode value) {
        String text =
                value.isNumber()
                        ? value.decimalValue().toPlainString()
                        : value.isValueNode() ? value.asText() : value.toString();
        return HexFormat.of().formatHex(mac.doFinal(text.getBytes(UTF_8)));
    }

    private static Column asText(Column column) {
        return new Column(
                column.name(), ColumnType.TEXT, column.pointer(), null, null, null, null, null);
    }

    private static RemoteKey asText(RemoteKey key) {
        return new RemoteKey(key.column(), ColumnType.TEXT, "/" + key.column());
    }

    /** A definition of a table, as targets need it: how rows are made is not their business. */
    private static ServiceDefinition of(
            ServiceDefinition service, RemoteKey key, List<Column> columns) {
        return new ServiceDefinition(
                service.name(),
                service.vendor(),
                service.vendorName(),
                service.singular(),
                service.plural(),
                service.docsUrl(),
                service.modes(),
                key,
                columns,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    private static Mac mac(byte[] key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has " + ALGORITHM, e);
        }
    }
}
