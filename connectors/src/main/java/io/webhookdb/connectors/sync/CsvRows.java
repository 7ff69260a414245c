package io.webhookdb.connectors.sync;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;

/** Rows as CSV for COPY: everything quoted, and nothing at all for NULL. */
final class CsvRows {
    private CsvRows() {}

    /** Columns pk, key, version, time of deletion, row, data. */
    static byte[] of(List<SyncRow> rows) {
        StringBuilder csv = new StringBuilder();
        for (SyncRow row : rows) {
            csv.append(row.pk()).append(',');
            quote(csv, row.key()).append(",\\x").append(row.version()).append(',');
            if (row.deleted()) {
                csv.append(HttpSyncBody.deletedAt(row));
            }
            quote(csv.append(','), new String(row.row(), UTF_8));
            quote(csv.append(','), new String(row.data(), UTF_8)).append('\n');
        }
        return csv.toString().getBytes(UTF_8);
    }

    private static StringBuilder quote(StringBuilder csv, String text) {
        return csv.append('"').append(text.replace("\"", "\"\"")).append('"');
    }
}
