package io.webhookdb.connectors.sync;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * Body of an HTTP sync: complete rows with their primary key first and the resource last. Only a
 * deleted row has one key more, {@code _deleted_at}, as the table has it: without it nobody could
 * tell that the row is gone.
 */
final class HttpSyncBody {
    private static final JsonFactory JSON = new JsonFactory();
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSxxx", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private HttpSyncBody() {}

    /** UTF-8 JSON. */
    static byte[] of(SyncPage page) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeArrayFieldStart("rows");
            for (SyncRow row : page.rows()) {
                json.writeRawValue(row(page.table(), row));
            }
            json.writeEndArray();
            json.writeStringField("integration_id", page.table().integration());
            json.writeStringField("integration_service", page.table().service().name());
            json.writeStringField("table", page.table().source());
            json.writeStringField("sync_timestamp", TIME.format(page.startedAt()));
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** The row as a JSON object. */
    static String row(SyncTable table, SyncRow row) {
        String columns = new String(row.row(), UTF_8).strip();
        String inner = columns.substring(1, columns.length() - 1).strip();
        StringBuilder json = new StringBuilder("{\"pk\":").append(row.pk());
        if (!inner.isEmpty()) {
            json.append(',').append(inner);
        }
        if (row.deleted()) {
            json.append(",\"_deleted_at\":\"").append(TIME.format(deletedAt(row))).append('"');
        }
        if (table.hasResource()) {
            json.append(",\"data\":").append(new String(row.data(), UTF_8));
        }
        return json.append('}').toString();
    }

    /** The version time of the delete. */
    static Instant deletedAt(SyncRow row) {
        return Instant.EPOCH.plus(row.parsedVersion().timeMicros(), ChronoUnit.MICROS);
    }
}
