package io.webhookdb.connectors.backfill;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.hc.client5.http.async.methods.AbstractBinResponseConsumer;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpResponse;

/** Collects an answer, up to a length. */
final class AnswerConsumer extends AbstractBinResponseConsumer<ApiAnswer> {
    private static final int CAPACITY = 64 << 10;

    private final Instant startedAt;
    private final int mostBytes;
    private final Map<String, String> headers = new HashMap<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private int status;

    AnswerConsumer(Instant startedAt, int mostBytes) {
        this.startedAt = startedAt;
        this.mostBytes = mostBytes;
    }

    @Override
    protected void start(HttpResponse response, ContentType contentType) {
        status = response.getCode();
        for (Header header : response.getHeaders()) {
            headers.merge(
                    header.getName().toLowerCase(Locale.ROOT),
                    header.getValue() == null ? "" : header.getValue(),
                    (one, other) -> one + ", " + other);
        }
    }

    @Override
    protected int capacityIncrement() {
        return CAPACITY;
    }

    @Override
    protected void data(ByteBuffer source, boolean endOfStream) throws IOException {
        if (body.size() + source.remaining() > mostBytes) {
            throw new IOException("The answer is longer than " + mostBytes + " bytes.");
        }
        byte[] bytes = new byte[source.remaining()];
        source.get(bytes);
        body.write(bytes);
    }

    @Override
    protected ApiAnswer buildResult() {
        return new ApiAnswer(
                status, headers, body.toByteArray(), startedAt, Instant.now(Clock.systemUTC()));
    }

    @Override
    public void informationResponse(
            HttpResponse response, org.apache.hc.core5.http.protocol.HttpContext context) {
        // Not the answer yet.
    }

    @Override
    public void releaseResources() {
        // Holds none.
    }
}
