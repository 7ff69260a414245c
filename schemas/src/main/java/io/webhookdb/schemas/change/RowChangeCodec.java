package io.webhookdb.schemas.change;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/** JSON form of {@link RowChange}. */
public final class RowChangeCodec {
    /** Numbers stay as they were written. */
    private static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                    .build();

    private RowChangeCodec() {}

    /** UTF-8 JSON of the change. */
    public static byte[] encode(RowChange change) {
        try {
            return MAPPER.writeValueAsBytes(change);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Row change " + change.id(), e);
        }
    }

    /**
     * Reads a change.
     *
     * @throws IllegalArgumentException if the bytes are no row change
     */
    public static RowChange decode(byte[] json) {
        try {
            return MAPPER.readValue(json, RowChange.class);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "Not a row change: " + e.getClass().getSimpleName(), e);
        }
    }
}
