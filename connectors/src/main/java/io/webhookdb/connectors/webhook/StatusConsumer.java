package io.webhookdb.connectors.webhook;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.protocol.HttpContext;

/**
 * Takes the head of an answer and throws its body away; too long a body costs the receiver the
 * connection, nothing else.
 */
final class StatusConsumer implements AsyncResponseConsumer<Void> {
    static final int MOST_BYTES = 64 << 10;

    private final CompletableFuture<Answer> answer;
    private FutureCallback<Void> end;
    private int bytes;

    StatusConsumer(CompletableFuture<Answer> answer) {
        this.answer = answer;
    }

    @Override
    public void consumeResponse(
            HttpResponse response,
            EntityDetails entity,
            HttpContext context,
            FutureCallback<Void> callback) {
        Header retryAfter = response.getFirstHeader(HttpHeaders.RETRY_AFTER);
        answer.complete(
                Answer.of(
                        response.getCode(),
                        retryAfter == null ? null : retryAfter.getValue(),
                        Instant.now(Clock.systemUTC())));
        end = callback;
        if (entity == null) {
            callback.completed(null);
        }
    }

    @Override
    public void informationResponse(HttpResponse response, HttpContext context) {
        // Not the answer yet.
    }

    @Override
    public void updateCapacity(CapacityChannel channel) throws IOException {
        channel.update(MOST_BYTES);
    }

    @Override
    public void consume(ByteBuffer source) throws IOException {
        bytes += source.remaining();
        source.position(source.limit());
        if (bytes > MOST_BYTES) {
            throw new IOException("The answer is longer than " + MOST_BYTES + " bytes.");
        }
    }

    @Override
    public void streamEnd(List<? extends Header> trailers) {
        if (end != null) {
            end.completed(null);
        }
    }

    @Override
    public void failed(Exception failure) {
        answer.completeExceptionally(failure);
    }

    @Override
    public void releaseResources() {
        // Holds none.
    }
}
