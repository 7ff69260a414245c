package io.webhookdb.connectors.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.webhookdb.schemas.status.DeliveryAttempt;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.protocol.HttpContext;

/**
 * Takes an answer: its head and the start of its body. The head alone decides; whatever becomes of
 * the body, the delivery is what the head says. Too long a body costs the receiver the connection,
 * nothing else.
 */
final class AnswerConsumer implements AsyncResponseConsumer<Void> {
    static final int MOST_BYTES = 64 << 10;

    private final CompletableFuture<Answer> answer;
    private final ByteArrayOutputStream start = new ByteArrayOutputStream(0);
    private FutureCallback<Void> end;
    private Answer head;
    private int bytes;

    AnswerConsumer(CompletableFuture<Answer> answer) {
        this.answer = answer;
    }

    @Override
    public synchronized void consumeResponse(
            HttpResponse response,
            EntityDetails entity,
            HttpContext context,
            FutureCallback<Void> callback) {
        Header retryAfter = response.getFirstHeader(HttpHeaders.RETRY_AFTER);
        head =
                Answer.of(
                        response.getCode(),
                        retryAfter == null ? null : retryAfter.getValue(),
                        Instant.now(Clock.systemUTC()));
        end = callback;
        if (entity == null) {
            complete();
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
    public synchronized void consume(ByteBuffer source) throws IOException {
        bytes += source.remaining();
        byte[] wanted =
                new byte
                        [Math.min(
                                source.remaining(), DeliveryAttempt.MOST_ANSWER - start.size())];
        source.get(wanted);
        start.writeBytes(wanted);
        source.position(source.limit());
        if (start.size() >= DeliveryAttempt.MOST_ANSWER) {
            complete();
        }
        if (bytes > MOST_BYTES) {
            throw new IOException("The answer is longer than " + MOST_BYTES + " bytes.");
        }
    }

    @Override
    public synchronized void streamEnd(List<? extends Header> trailers) {
        complete();
        if (end != null) {
            end.completed(null);
        }
    }

    @Override
    public void failed(Exception failure) {
        settle(failure);
    }

    /** No more is waited for. */
    void late() {
        settle(new TimeoutException("No answer in time"));
    }

    /** Completes with the head if there was one, else with the failure. */
    synchronized void settle(Exception failure) {
        if (head == null) {
            answer.completeExceptionally(failure);
        } else {
            complete();
        }
    }

    private void complete() {
        answer.complete(start.size() == 0 ? head : head.saying(start.toString(UTF_8)));
    }

    @Override
    public void releaseResources() {
        // Holds none.
    }
}
