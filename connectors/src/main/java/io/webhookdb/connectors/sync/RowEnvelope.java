package io.webhookdb.connectors.sync;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * One row as a message of its own, for targets that are logs: JSON without a schema beside it.
 *
 * <pre>
 * {"integration":"svi_…","service":"stripe_customer_v1","table":"customers","key":"cus_1",
 *  "version":"…","deleted":false,"row":{"pk":1,"stripe_id":"cus_1",…,"data":{…}}}
 * </pre>
 *
 * <p>Versions of one key compare as text: the larger one is the newer. {@code row} is as in an HTTP
 * sync.
 */
final class RowEnvelope {
    private static final JsonFactory JSON = new JsonFactory();

    private RowEnvelope() {}

    /** UTF-8 JSON. */
    static byte[] of(SyncTable table, SyncRow row) {
        return of(table, row, false);
    }

    /** The same without the resource, and marked {@code "truncated":true}. */
    static byte[] truncated(SyncTable table, SyncRow row) {
        return of(table.shown(table.service(), SyncTable.Resource.ABSENT), row, true);
    }

    private static byte[] of(SyncTable table, SyncRow row, boolean isTruncated) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(256 + row.row().length);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("integration", table.integration());
            json.writeStringField("service", table.service().name());
            json.writeStringField("table", table.source());
            json.writeStringField("key", row.key());
            json.writeStringField("version", row.version());
            json.writeBooleanField("deleted", row.deleted());
            if (isTruncated) {
                json.writeBooleanField("truncated", true);
            }
            json.writeFieldName("row");
            json.writeRawValue(HttpSyncBody.row(table, row));
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** The row's key as bytes. */
    static byte[] key(SyncRow row) {
        return row.key().getBytes(UTF_8);
    }
}
