package io.webhookdb.connectors.replica;

import io.webhookdb.connectors.serialization.ExplicitType;
import io.webhookdb.schemas.event.Origin;
import io.webhookdb.schemas.row.RowUpdate;

/**
 * A state of a row and the record it came from.
 *
 * @param update the state
 * @param origin how its event entered the system; a replay is never dropped before the database
 * @param topic topic of the event's record
 * @param partition its partition
 * @param offset its offset
 */
public record SourcedRow(
        RowUpdate update, Origin origin, String topic, int partition, long offset) {

    /** Stream and state type. */
    public static final ExplicitType<SourcedRow> TYPE =
            ExplicitType.of(SourcedRow.class, new SourcedRowSerializer());

    /** The same record's state in another form. */
    public SourcedRow with(RowUpdate other) {
        return new SourcedRow(other, origin, topic, partition, offset);
    }
}
