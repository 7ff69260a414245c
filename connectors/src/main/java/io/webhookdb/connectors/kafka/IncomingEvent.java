package io.webhookdb.connectors.kafka;

import io.webhookdb.connectors.serialization.ExplicitType;
import io.webhookdb.schemas.event.Event;

/**
 * One record of an event topic and where it lies. A record whose own headers cannot be read is
 * still an element of the stream, with {@link #defect()} instead of an event, so that it ends as a
 * dead letter and not as a failure of the source.
 *
 * @param event the event; null if defect is set
 * @param topic topic of the record
 * @param partition its partition
 * @param offset its offset
 * @param defect what is wrong with the record, without payload; null if nothing is
 */
public record IncomingEvent(Event event, String topic, int partition, long offset, String defect) {

    /** Stream type. */
    public static final ExplicitType<IncomingEvent> TYPE =
            ExplicitType.of(IncomingEvent.class, new IncomingEventSerializer());
}
