package io.webhookdb.schemas.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/**
 * JSON form of {@link ControlRecord}s. Unknown properties are ignored, so that writers may add
 * some.
 */
public final class ControlCodec {
    private static final JsonMapper MAPPER =
            JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

    private ControlCodec() {}

    /** UTF-8 JSON of the record. */
    public static byte[] encode(ControlRecord record) {
        try {
            return MAPPER.writerFor(ControlRecord.class).writeValueAsBytes(record);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Control record " + record.key(), e);
        }
    }

    /**
     * Reads a record.
     *
     * @throws IllegalArgumentException if it is no control record this release knows
     */
    public static ControlRecord decode(byte[] json) {
        try {
            return MAPPER.readValue(json, ControlRecord.class);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "Not a control record: " + e.getClass().getSimpleName(), e);
        }
    }
}
