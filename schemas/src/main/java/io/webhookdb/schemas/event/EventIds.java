package io.webhookdb.schemas.event;

import com.github.f4b6a3.uuid.factory.standard.TimeOrderedEpochFactory;
import java.util.UUID;

/**
 * Hands out event ids: UUIDv7, strictly increasing within one instance, also within a millisecond
 * and when the clock steps back a little. Thread-safe. One instance per process.
 */
public final class EventIds {
    private final TimeOrderedEpochFactory factory =
            TimeOrderedEpochFactory.builder().withIncrementPlus1().build();

    /** The next id, larger (as an unsigned 128-bit number) than every one before. */
    public UUID next() {
        return factory.create();
    }
}
