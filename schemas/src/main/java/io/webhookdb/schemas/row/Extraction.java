package io.webhookdb.schemas.row;

import io.webhookdb.schemas.catalog.BackfillSchedule;
import io.webhookdb.schemas.deadletter.DeadLetter;
import java.util.List;

/** What became of one event. */
public sealed interface Extraction {

    /**
     * Rows to order and write.
     *
     * @param updates at least one, no two of one key
     * @param drift names of columns whose value was missing or of an unexpected type and became
     *     NULL; of the key where an element of a list had none and was left out
     * @param starts how much is fetched for the row afterwards; null: nothing
     */
    record Rows(List<RowUpdate> updates, List<String> drift, BackfillSchedule.Run starts)
            implements Extraction {

        /** Rows after which nothing is fetched. */
        public Rows(List<RowUpdate> updates, List<String> drift) {
            this(updates, drift, null);
        }
    }

    /**
     * Nothing to do: a ping, or an event of another kind.
     *
     * @param why for counters and people
     */
    record Ignored(String why) implements Extraction {}

    /**
     * The event names a resource without bringing it; the service's backfill says where it is
     * fetched.
     *
     * @param reference the vendor's id of the resource
     */
    record Notification(String reference) implements Extraction {}

    /**
     * The event can never become a row.
     *
     * @param reason closed code
     * @param message for a person, without payload
     */
    record Poison(DeadLetter.Reason reason, String message) implements Extraction {}
}
