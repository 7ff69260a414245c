package io.webhookdb.jobs.replication;

import io.webhookdb.connectors.replica.SourcedRow;
import io.webhookdb.connectors.serialization.ExplicitType;

/**
 * Where an event lies in the log, for as long as its topic keeps it.
 *
 * @param topic one of the two event topics
 * @param partition its partition
 * @param offset its offset
 */
record LogPlace(String topic, int partition, long offset) {

    /** Stream type. */
    static final ExplicitType<LogPlace> TYPE =
            ExplicitType.of(LogPlace.class, new LogPlaceSerializer());

    /** Where the event lies that brought a row. */
    static LogPlace of(SourcedRow row) {
        return new LogPlace(row.topic(), row.partition(), row.offset());
    }
}
