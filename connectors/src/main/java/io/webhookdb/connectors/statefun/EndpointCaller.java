package io.webhookdb.connectors.statefun;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Posts to endpoints of functions. Thread-safe. */
public interface EndpointCaller {
    /**
     * An answer.
     *
     * @param status HTTP status
     * @param body all of it
     */
    record EndpointAnswer(int status, byte[] body) {}

    /**
     * Posts. Fails if no answer comes in time, or one that is longer.
     *
     * @param limit longest wait for the whole answer
     * @param mostBytes longest body of an answer
     */
    CompletableFuture<EndpointAnswer> call(
            URI endpoint, String contentType, byte[] body, Duration limit, int mostBytes);
}
