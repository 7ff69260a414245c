package io.webhookdb.schemas.hook;

import io.webhookdb.schemas.event.Event;
import java.io.IOException;

/**
 * Reads the requests of one service where YAML cannot say how: gives the JSON that the definition's
 * envelope, key and columns are then read from. Found by {@link java.util.ServiceLoader}; named in
 * the definition. Thread-safe, and the same event always gives the same bytes.
 */
public interface RequestHook {
    /** The name definitions use: lower case with dashes. */
    String name();

    /**
     * The request as JSON in UTF-8.
     *
     * @throws IOException if it cannot be read; its message never quotes the request
     */
    byte[] json(Event event) throws IOException;
}
