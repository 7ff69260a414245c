package io.webhookdb.connectors.sync;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.Set;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;
import org.apache.hc.core5.http.nio.DataStreamChannel;

/** Hands a body to a connection part by part, as fast as that takes it. Once. */
final class PartsProducer implements AsyncEntityProducer {
    private final PageBody body;
    private final Iterator<byte[]> parts;
    private ByteBuffer part = ByteBuffer.allocate(0);

    PartsProducer(PageBody body) {
        this.body = body;
        this.parts = body.parts().iterator();
    }

    @Override
    public void produce(DataStreamChannel channel) throws IOException {
        while (part.hasRemaining() || parts.hasNext()) {
            if (!part.hasRemaining()) {
                part = ByteBuffer.wrap(parts.next());
            }
            channel.write(part);
            if (part.hasRemaining()) {
                // It calls again when it takes more.
                return;
            }
        }
        channel.endStream();
    }

    @Override
    public int available() {
        return Math.max(1, part.remaining());
    }

    @Override
    public long getContentLength() {
        return body.length();
    }

    @Override
    public String getContentType() {
        // Without a charset, as the form is documented: JSON is UTF-8.
        return ContentType.APPLICATION_JSON.getMimeType();
    }

    @Override
    public boolean isRepeatable() {
        return false;
    }

    @Override
    public boolean isChunked() {
        return false;
    }

    @Override
    public String getContentEncoding() {
        return null;
    }

    @Override
    public Set<String> getTrailerNames() {
        return Set.of();
    }

    @Override
    public void failed(Exception cause) {
        // The exchange tells.
    }

    @Override
    public void releaseResources() {
        // Holds none but the heap's.
    }
}
