package io.webhookdb.ingest;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

/**
 * One request and its answer on one connection: reads the body within the limits, answers once,
 * gives back the memory it took, and leaves the connection usable or closes it. Lives on one event
 * loop.
 */
final class Exchange {
    /** Counted for each request beside its body: objects, headers, buffers. */
    private static final int OVERHEAD_BYTES = 4 << 10;

    /**
     * Times the limit of a body: so much of one that is refused is read and thrown away, since a
     * sender that is cut off while it writes does not get to read why.
     */
    private static final long MOST_DRAINED = 4;

    /** A year; the name is the installation's own, so its subdomains are not spoken for. */
    private static final String HSTS = "max-age=31536000";

    private final Edge edge;
    private final ConnectionWatch watch;
    private final HttpServerRequest request;

    private Buffer chunks = Buffer.buffer(0);
    private Handler<byte[]> onBody = body -> {};
    private Runnable onGone = () -> {};
    private long reservedBytes;
    private long drainedBytes;
    private boolean awaitsContinue;
    private boolean requestEnded;
    private boolean committed;
    private boolean answered;
    private boolean written;
    private boolean closing;

    Exchange(Edge edge, ConnectionWatch watch, HttpServerRequest request) {
        this.edge = edge;
        this.watch = watch;
        this.request = request;
        this.awaitsContinue =
                "100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT));
        watch.requestBegan(request.connection());
        request.endHandler(end -> requestEnded());
        request.response().closeHandler(closed -> senderGone());
        // A lost connection comes to the close handler too; unhandled it would be logged here.
        request.exceptionHandler(error -> {});
    }

    HttpServerRequest request() {
        return request;
    }

    /** Reads the body, unless it is too large for the limits: then the request is answered. */
    void readBody(Handler<byte[]> whenRead) {
        if (declaredLength() > edge.settings().bodyLimitBytes()) {
            refuse(Outcome.TOO_LARGE, Answer.tooLarge(edge.settings().bodyLimitBytes()));
        } else if (!reserve(OVERHEAD_BYTES)) {
            answer(Outcome.OVERLOADED, Answer.OVERLOADED);
        } else {
            onBody = whenRead;
            request.handler(this::take);
            if (awaitsContinue) {
                awaitsContinue = false;
                request.response().writeContinue();
            }
        }
    }

    private void take(Buffer chunk) {
        if (chunks.length() + chunk.length() > edge.settings().bodyLimitBytes()) {
            refuse(Outcome.TOO_LARGE, Answer.tooLarge(edge.settings().bodyLimitBytes()));
        } else if (!reserve(chunk.length())) {
            refuse(Outcome.OVERLOADED, Answer.OVERLOADED);
        } else {
            chunks.appendBuffer(chunk);
        }
    }

    private void requestEnded() {
        requestEnded = true;
        watch.requestEnded(request.connection());
        if (!answered) {
            byte[] body = chunks.getBytes();
            chunks = null;
            edge.metrics().received(body.length);
            onBody.handle(body);
        }
        closeOrGoOn();
    }

    /** Answered, or left by its sender. */
    boolean isOver() {
        return answered;
    }

    /** Called when the sender leaves before {@link #commit} and before the answer. */
    void onGone(Runnable cleanUp) {
        onGone = cleanUp;
    }

    /** From here on the exchange keeps its memory until it is answered, whoever is still there. */
    void commit() {
        committed = true;
    }

    private void senderGone() {
        if (!answered && !committed) {
            onGone.run();
            end(Outcome.ABORTED, 0);
        }
    }

    /** Answers and closes, because the sender is about to send what nobody will take. */
    private void refuse(Outcome outcome, Answer answer) {
        closing = true;
        answer(outcome, answer.closing());
    }

    /** Answers; later answers count for nothing. */
    void answer(Outcome outcome, Answer answer) {
        if (answered) {
            return;
        }
        end(outcome, answer.status());
        if (!requestEnded) {
            // Read on: a sender that is still writing would not get to read the answer.
            request.handler(this::drain);
            closing |= awaitsContinue;
        }
        if (!request.response().closed()) {
            request.response().putHeader("X-Content-Type-Options", "nosniff");
            if (request.isSSL()) {
                request.response().putHeader("Strict-Transport-Security", HSTS);
            }
            answer.send(request.response())
                    .onComplete(
                            sent -> {
                                written = true;
                                closeOrGoOn();
                            });
        }
    }

    private void drain(Buffer chunk) {
        drainedBytes += chunk.length();
        if (drainedBytes > MOST_DRAINED * edge.settings().bodyLimitBytes()) {
            request.connection().close();
        }
    }

    private void end(Outcome outcome, int status) {
        answered = true;
        edge.metrics().finished(outcome, status);
        edge.inFlight().release(reservedBytes);
        reservedBytes = 0;
    }

    private void closeOrGoOn() {
        if (!written || !(requestEnded || awaitsContinue)) {
            return;
        }
        if (closing) {
            request.connection().close();
        } else {
            watch.exchangeEnded(request.connection());
        }
    }

    /** Whether there is memory for that much more; it is given back with the answer. */
    boolean reserve(long bytes) {
        boolean there = edge.inFlight().reserve(bytes);
        reservedBytes += there ? bytes : 0;
        return there;
    }

    /** Content-Length, or 0 if there is none or it is no number: the HTTP decoder judges that. */
    private long declaredLength() {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length == null ? 0 : Long.parseLong(length);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
