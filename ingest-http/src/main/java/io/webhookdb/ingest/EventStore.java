package io.webhookdb.ingest;

import io.webhookdb.schemas.event.Event;
import java.util.function.Consumer;

/** Where accepted events go, before anybody is told that they were accepted. */
interface EventStore {
    /**
     * Makes an event durable. Does not wait.
     *
     * @param done told once what became of it, by any thread, also by the calling one
     */
    void store(Event event, Consumer<PublishResult> done);
}
