package io.webhookdb.connectors.kafka;

import io.webhookdb.connectors.serialization.ExplicitType;
import io.webhookdb.schemas.trace.TraceContext;

/**
 * A record ready for its topic. Encoded where it is made (off the task thread, for changes), so
 * that the sink only sends.
 *
 * @param key UTF-8 key
 * @param value UTF-8 JSON
 * @param trace goes out as headers; null if the record is in no trace
 */
public record OutgoingRecord(byte[] key, byte[] value, TraceContext trace) {
    /** Stream type. */
    public static final ExplicitType<OutgoingRecord> TYPE =
            ExplicitType.of(OutgoingRecord.class, new OutgoingRecordSerializer());

    /** A record in no trace. */
    public OutgoingRecord(byte[] key, byte[] value) {
        this(key, value, null);
    }

    /** The same in a trace; null for none. */
    public OutgoingRecord in(TraceContext newTrace) {
        return newTrace == null ? this : new OutgoingRecord(key, value, newTrace);
    }
}
