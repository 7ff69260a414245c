package io.webhookdb.connectors.replica;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.POJONode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.webhookdb.connectors.kafka.OutgoingRecord;
import io.webhookdb.schemas.change.RowChange;
import io.webhookdb.schemas.change.RowChange.Op;
import io.webhookdb.schemas.change.RowChangeCodec;
import io.webhookdb.schemas.row.PackedVersion;
import io.webhookdb.schemas.row.RowUpdate;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Decides which committed rows are announced, and makes the announcement. Thread-safe.
 *
 * <p>Only the event that last changed a row's content announces it; one that merely advanced the
 * version announces nothing. Except after a start: the event that changed the row may have been
 * committed by the attempt before and its announcement lost, and an event with the same content may
 * now have come in its place. So what was received before this attempt began announces in any case,
 * under the id the lost announcement had.
 */
final class ChangeAnnouncer {
    private final long mayRepeatBeforeMicros;
    private final int mostBytes;

    /**
     * @param mayRepeatBeforeMicros events received before this may already be committed,
     *     microseconds since the epoch
     * @param mostBytes size from which a change goes out without its data
     */
    ChangeAnnouncer(long mayRepeatBeforeMicros, int mostBytes) {
        this.mayRepeatBeforeMicros = mayRepeatBeforeMicros;
        this.mostBytes = mostBytes;
    }

    /**
     * The announcement of a row that is visible now, or nothing.
     *
     * @param update what was written
     * @param stored what the table holds
     * @param service name of the service
     * @param table name of the table
     * @param committedAt a time at or after the commit, ISO 8601
     */
    Optional<OutgoingRecord> announce(
            RowUpdate update, StoredRow stored, String service, String table, String committedAt) {
        boolean own = stored.version().changedBy().equals(update.version().eventId());
        if (!own && update.receivedAtMicros() >= mayRepeatBeforeMicros) {
            return Optional.empty();
        }
        RowChange change = change(update, stored, service, table, committedAt);
        String key = update.organization() + "/" + update.integration() + "/" + update.key();
        return Optional.of(new OutgoingRecord(key.getBytes(UTF_8), encoded(change)));
    }

    private static RowChange change(
            RowUpdate update, StoredRow stored, String service, String table, String committedAt) {
        PackedVersion version = stored.version();
        Op op = op(stored);
        Map<String, JsonNode> row = columns(stored.row());
        JsonNode data =
                stored.data() == null
                        ? new POJONode(new RawValue(new Utf8Json(update.data())))
                        : raw(stored.data());
        return new RowChange(
                id(update, version, op),
                op,
                update.organization(),
                update.integration(),
                service,
                table,
                update.key(),
                stored.pk(),
                version.version().text(),
                version.changedBy().toString(),
                committedAt,
                row,
                data,
                previous(stored, op),
                false);
    }

    private static Op op(StoredRow stored) {
        if (stored.deleted()) {
            return Op.DELETE;
        }
        return stored.version().insertedBy().equals(stored.version().changedBy())
                ? Op.INSERT
                : Op.UPDATE;
    }

    /** The same whenever the same event's change is announced again. */
    private static String id(RowUpdate update, PackedVersion version, Op op) {
        String identity =
                String.join(
                        "\n",
                        update.integration(),
                        Long.toString(update.epoch()),
                        update.definition(),
                        version.changedBy().toString(),
                        op.word(),
                        update.key());
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(identity.getBytes(UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Null if nothing differs: a repetition no longer sees what was there before. */
    private static Map<String, JsonNode> previous(StoredRow stored, Op op) {
        return op == Op.INSERT || stored.changed() == null || stored.changed().isEmpty()
                ? null
                : columns(stored.changed());
    }

    private static Map<String, JsonNode> columns(Map<String, String> row) {
        Map<String, JsonNode> columns = new LinkedHashMap<>(row.size() * 2);
        row.forEach((name, json) -> columns.put(name, raw(json)));
        return columns;
    }

    /** Numbers stay as the server printed them. */
    private static JsonNode raw(String json) {
        return new POJONode(new RawValue(json));
    }

    /** A change is never too large to be announced; it loses data, then columns. */
    private byte[] encoded(RowChange change) {
        byte[] whole = RowChangeCodec.encode(change);
        if (whole.length <= mostBytes) {
            return whole;
        }
        byte[] withoutData =
                RowChangeCodec.encode(truncated(change, change.row(), change.previous()));
        return withoutData.length <= mostBytes
                ? withoutData
                : RowChangeCodec.encode(truncated(change, Map.of(), null));
    }

    private static RowChange truncated(
            RowChange change, Map<String, JsonNode> row, Map<String, JsonNode> previous) {
        return new RowChange(
                change.id(),
                change.op(),
                change.organization(),
                change.integration(),
                change.service(),
                change.table(),
                change.remoteKey(),
                change.pk(),
                change.version(),
                change.eventId(),
                change.committedAt(),
                row,
                null,
                previous,
                true);
    }
}
