package io.webhookdb.connectors.webhook;

import io.webhookdb.schemas.status.DeliveryAttempt;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.protocol.HttpContext;

/**
 * Takes an answer: its head and the start of its body. Too long a body costs the receiver the
 * connection.
 */
final class AnswerConsumer<T> implements AsyncResponseConsumer<Void> {
    private final CompletableFuture<T> answer;
    private final Limits limits;
    private final BiFunction<Answer, byte[], T> form;
    private final ByteArrayOutputStream start = new ByteArrayOutputStream(0);
    private FutureCallback<Void> end;
    private Answer head;
    private int bytes;

    /**
     * How much of a body is wanted.
     *
     * @param kept bytes that are handed over; with so many the answer is complete
     * @param read bytes after which the connection is closed
     * @param cutOff what becomes of an answer whose body does not end
     */
    record Limits(int kept, int read, CutOff cutOff) {
        /** For answers whose head is what counts. */
        static final Limits HEAD = new Limits(DeliveryAttempt.MOST_ANSWER, 64 << 10, CutOff.TAKEN);
    }

    /** What becomes of an answer whose body does not end. */
    enum CutOff {
        TAKEN,
        FAILED
    }

    /**
     * @param form makes the answer of its head and the start of its body
     */
    AnswerConsumer(
            CompletableFuture<T> answer, Limits limits, BiFunction<Answer, byte[], T> form) {
        this.answer = answer;
        this.limits = limits;
        this.form = form;
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
        channel.update(limits.read());
    }

    @Override
    public synchronized void consume(ByteBuffer source) throws IOException {
        bytes += source.remaining();
        byte[] wanted = new byte[Math.min(source.remaining(), limits.kept() - start.size())];
        source.get(wanted);
        start.writeBytes(wanted);
        source.position(source.limit());
        if (start.size() >= limits.kept()) {
            complete();
        }
        if (bytes > limits.read()) {
            throw new IOException("The answer is longer than " + limits.read() + " bytes.");
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
        if (head == null || limits.cutOff() == CutOff.FAILED) {
            answer.completeExceptionally(failure);
        } else {
            complete();
        }
    }

    private void complete() {
        if (!answer.isDone()) {
            answer.complete(form.apply(head, start.toByteArray()));
        }
    }

    @Override
    public void releaseResources() {
        // Holds none.
    }
}
