package io.webhookdb.schemas.status;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/**
 * JSON form of {@link StatusReport}s. Unknown properties are ignored, so that writers may add some.
 */
public final class StatusCodec {
    private static final JsonMapper MAPPER =
            JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

    /** Made once: finding out how reports are written costs more than writing one. */
    private static final ObjectWriter WRITER = MAPPER.writerFor(StatusReport.class);

    private StatusCodec() {}

    /** UTF-8 JSON of the report. */
    public static byte[] encode(StatusReport report) {
        try {
            return WRITER.writeValueAsBytes(report);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Status report " + report.key(), e);
        }
    }

    /**
     * Reads a report.
     *
     * @throws IllegalArgumentException if it is no report this release knows
     */
    public static StatusReport decode(byte[] json) {
        try {
            return MAPPER.readValue(json, StatusReport.class);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "Not a status report: " + e.getClass().getSimpleName(), e);
        }
    }
}
