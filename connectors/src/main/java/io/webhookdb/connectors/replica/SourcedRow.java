package io.webhookdb.connectors.replica;

import io.webhookdb.connectors.serialization.ExplicitType;
import io.webhookdb.schemas.event.Origin;
import io.webhookdb.schemas.row.RowUpdate;
import io.webhookdb.schemas.trace.TraceContext;

/**
 * A state of a row and the record it came from.
 *
 * @param update the state
 * @param origin how its event entered the system; a replay is never dropped before the database
 * @param topic topic of the event's record
 * @param partition its partition
 * @param offset its offset
 * @param run the backfill that fetched it, as {@link io.webhookdb.schemas.event.BackfillMark}
 *     writes it; null if none did
 * @param trace the trace of its event; null if it is in none
 */
public record SourcedRow(
        RowUpdate update,
        Origin origin,
        String topic,
        int partition,
        long offset,
        String run,
        TraceContext trace) {

    /** Stream and state type. */
    public static final ExplicitType<SourcedRow> TYPE =
            ExplicitType.of(SourcedRow.class, new SourcedRowSerializer());

    /** A row that no backfill fetched, in no trace. */
    public SourcedRow(RowUpdate update, Origin origin, String topic, int partition, long offset) {
        this(update, origin, topic, partition, offset, null, null);
    }

    /** The same record's state in another form. */
    public SourcedRow with(RowUpdate other) {
        return new SourcedRow(other, origin, topic, partition, offset, run, trace);
    }
}
