package io.webhookdb.schemas.row;

import io.webhookdb.schemas.deadletter.DeadLetter;
import java.util.List;

/** What became of one event. */
public sealed interface Extraction {

    /**
     * Rows to order and write.
     *
     * @param updates at least one
     * @param drift names of columns whose value was missing or of an unexpected type and became
     *     NULL
     */
    record Rows(List<RowUpdate> updates, List<String> drift) implements Extraction {}

    /**
     * Nothing to do: a ping, or an event of another kind.
     *
     * @param why for counters and people
     */
    record Ignored(String why) implements Extraction {}

    /**
     * The event can never become a row.
     *
     * @param reason closed code
     * @param message for a person, without payload
     */
    record Poison(DeadLetter.Reason reason, String message) implements Extraction {}
}
