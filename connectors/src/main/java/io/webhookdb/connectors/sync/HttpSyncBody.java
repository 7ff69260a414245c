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

    private static final byte[] ROWS = "{\"rows\":[".getBytes(UTF_8);
    private static final byte[] PK = "{\"pk\":".getBytes(UTF_8);
    private static final byte[] DATA = ",\"data\":".getBytes(UTF_8);
    private static final int OVERHEAD = 500;

    private HttpSyncBody() {}

    /** UTF-8 JSON. */
    static PageBody of(SyncPage page) {
        long expected = page.rows().stream().mapToLong(SyncRow::weight).sum();
        PageBody.Writer out = new PageBody.Writer(OVERHEAD + expected);
        out.write(ROWS);
        for (int i = 0; i < page.rows().size(); i++) {
            if (i > 0) {
                out.write(',');
            }
            write(page.table(), page.rows().get(i), out);
        }
        out.write(']');
        byte[] rest = rest(page);
        // Its first brace is the body's.
        out.write(',');
        out.write(rest, 1, rest.length - 1);
        return out.body();
    }

    private static byte[] rest(SyncPage page) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
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
        PageBody.Writer out = new PageBody.Writer(row.weight());
        write(table, row, out);
        return new String(out.body().bytes(), UTF_8);
    }

    /** Bytes are copied as they are: they make up nearly all of a page. */
    private static void write(SyncTable table, SyncRow row, PageBody.Writer out) {
        out.write(PK).write(Long.toString(row.pk()));
        byte[] columns = row.row();
        int from = past(columns, 0, 1, '{');
        int to = past(columns, columns.length - 1, -1, '}') + 1;
        if (from < to) {
            out.write(',');
            out.write(columns, from, to - from);
        }
        if (row.deleted()) {
            out.write(",\"_deleted_at\":\"" + TIME.format(deletedAt(row)) + '"');
        }
        if (table.hasResource()) {
            out.write(DATA).write(row.data());
        }
        out.write('}');
    }

    /** The next byte of a JSON object's inside, past blanks and the brace. */
    private static int past(byte[] json, int start, int step, char brace) {
        int at = start;
        boolean isInside = false;
        while (at >= 0 && at < json.length) {
            boolean isBrace = !isInside && json[at] == brace;
            boolean isBlank =
                    json[at] == ' ' || json[at] == '\n' || json[at] == '\r' || json[at] == '\t';
            if (!isBrace && !isBlank) {
                return at;
            }
            isInside |= isBrace;
            at += step;
        }
        return at;
    }

    /** The version time of the delete. */
    static Instant deletedAt(SyncRow row) {
        return Instant.EPOCH.plus(row.parsedVersion().timeMicros(), ChronoUnit.MICROS);
    }
}
