package io.webhookdb.connectors.kafka;

import io.webhookdb.connectors.serialization.ExplicitType;

/**
 * A record ready for its topic. Encoded where it is made (off the task thread, for changes), so
 * that the sink only sends.
 *
 * @param key UTF-8 key
 * @param value UTF-8 JSON
 */
public record OutgoingRecord(byte[] key, byte[] value) {
    /** Stream type. */
    public static final ExplicitType<OutgoingRecord> TYPE =
            ExplicitType.of(OutgoingRecord.class, new OutgoingRecordSerializer());
}
