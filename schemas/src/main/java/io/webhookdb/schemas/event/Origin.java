package io.webhookdb.schemas.event;

import com.fasterxml.jackson.annotation.JsonValue;
import io.webhookdb.schemas.Topics;
import java.util.Arrays;

/** How an event entered the system. It decides ties: at equal version time a push beats a poll. */
public enum Origin {
    WEBHOOK("webhook"),
    BACKFILL("backfill"),
    /** A stored request, processed again. */
    REPLAY("replay"),
    /** A fetched object, processed again. */
    REPLAYED_BACKFILL("replayed_backfill");

    private final String word;

    Origin(String word) {
        this.word = word;
    }

    /** Whether it was fetched, not pushed: at equal time a push wins. */
    public boolean isPolled() {
        return this == BACKFILL || this == REPLAYED_BACKFILL;
    }

    /** Name of the topic whose lane its events take: bulk never delays what is pushed. */
    public String topic() {
        return isPolled() ? Topics.BACKFILL_EVENTS : Topics.EVENTS;
    }

    /** Whether it is processed again: it is written, whatever is remembered of the row. */
    public boolean isRepeated() {
        return this == REPLAY || this == REPLAYED_BACKFILL;
    }

    /** The origin under which an event of this one is processed again. */
    public Origin repeated() {
        return isPolled() ? REPLAYED_BACKFILL : REPLAY;
    }

    /** The word used in record headers and JSON. */
    @JsonValue
    public String word() {
        return word;
    }

    /**
     * Parses the word written by {@link #word()}.
     *
     * @throws IllegalArgumentException naming the value and the allowed words
     */
    public static Origin of(String word) {
        for (Origin origin : values()) {
            if (origin.word.equals(word)) {
                return origin;
            }
        }
        throw new IllegalArgumentException(
                "Unknown origin \""
                        + word
                        + "\". Allowed: "
                        + Arrays.stream(values()).map(Origin::word).toList());
    }
}
