package io.webhookdb.connectors.sync;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.webhookdb.schemas.change.RowChange;
import java.io.IOException;
import java.util.Map;

/** Reads announcements so that every number stays as the database printed it. */
final class RowChangeReader {
    static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .build();

    private RowChangeReader() {}

    /**
     * The announcement.
     *
     * @throws IOException if the bytes are none
     */
    static RowChange change(byte[] json) throws IOException {
        RowChange change = MAPPER.readValue(json, RowChange.class);
        if (change.integration() == null
                || change.remoteKey() == null
                || change.version() == null) {
            throw new IOException("No row change");
        }
        return change;
    }

    /** Its row. */
    static SyncRow row(RowChange change) throws IOException {
        boolean whole = !change.truncated() && change.data() != null && change.row() != null;
        return new SyncRow(
                change.remoteKey(),
                change.pk(),
                change.version(),
                change.op() == RowChange.Op.DELETE,
                MAPPER.writeValueAsBytes(whole ? change.row() : Map.of()),
                whole ? MAPPER.writeValueAsBytes(change.data()) : null);
    }
}
