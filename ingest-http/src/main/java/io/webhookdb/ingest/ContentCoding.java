package io.webhookdb.ingest;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/**
 * Unpacks bodies that came with {@code Content-Encoding: gzip} (RFC 9110, section 8.4.1): rows are
 * made of what the vendor wrote, not of how its client sent it. Other codings stay as they are.
 */
final class ContentCoding {
    private ContentCoding() {}

    /**
     * Whether the body is packed: some clients write a charset into the header, so the body decides
     * too.
     */
    static boolean isGzip(String contentEncoding, byte[] body) {
        return contentEncoding != null
                && (contentEncoding.strip().equalsIgnoreCase("gzip")
                        || contentEncoding.strip().equalsIgnoreCase("x-gzip"))
                && body.length > 2
                && body[0] == (byte) 0x1F
                && body[1] == (byte) 0x8B;
    }

    /**
     * The body unpacked; never holds more than the limit.
     *
     * @return empty if it is larger than the limit
     * @throws IOException if it is broken or cut off
     */
    static Optional<byte[]> unpacked(byte[] body, int limitBytes) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
            byte[] plain = in.readNBytes(limitBytes);
            return in.read() < 0 ? Optional.of(plain) : Optional.empty();
        }
    }
}
