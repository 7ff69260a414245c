package io.webhookdb.schemas.event;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;

/** How an event entered the system. It decides ties: at equal version time a push beats a poll. */
public enum Origin {
    WEBHOOK("webhook"),
    BACKFILL("backfill"),
    REPLAY("replay");

    private final String word;

    Origin(String word) {
        this.word = word;
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
