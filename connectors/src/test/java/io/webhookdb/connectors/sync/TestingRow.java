package io.webhookdb.connectors.sync;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.webhookdb.schemas.row.Version;
import io.webhookdb.schemas.row.Version.Rank;
import java.util.UUID;

/** Rows as lanes hand them over. */
final class TestingRow {
    static final ObjectMapper JSON = new ObjectMapper();
    static final String KEY_COLUMN = "acme_id";

    private TestingRow() {}

    static String version(long second, Rank rank) {
        return new Version(second * 1_000_000, rank, new UUID(7, second)).text();
    }

    static SyncRow of(String key, long second, ObjectNode columns, String data) {
        return row(key, version(second, Rank.PUSH), false, columns, data);
    }

    static SyncRow of(String key, long second) {
        return of(
                key,
                second,
                JSON.createObjectNode().put("total", second),
                "{\"id\":\"" + key + "\"}");
    }

    static SyncRow deleted(String key, long second) {
        return row(
                key,
                version(second, Rank.DELETE),
                true,
                JSON.createObjectNode().put("total", second),
                "{}");
    }

    private static SyncRow row(
            String key, String version, boolean deleted, ObjectNode columns, String data) {
        ObjectNode row = JSON.createObjectNode().put(KEY_COLUMN, key);
        row.setAll(columns);
        return new SyncRow(
                key,
                Math.abs(key.hashCode()),
                version,
                deleted,
                row.toString().getBytes(UTF_8),
                data.getBytes(UTF_8));
    }
}
