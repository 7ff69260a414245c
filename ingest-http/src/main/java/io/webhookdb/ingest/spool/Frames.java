package io.webhookdb.ingest.spool;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.webhookdb.schemas.event.Event;
import io.webhookdb.schemas.event.EventHeaders;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The form of an event in the spool: length and CRC-32C of the rest (4 bytes each), then the number
 * of headers, each header (name and value, both with their length), then the body. The headers are
 * those the event has on Kafka.
 */
final class Frames {
    /** Length and check sum. */
    static final int PREFIX_BYTES = 8;

    private static final int HEADER_OVERHEAD = 2 + 4;

    private record Header(byte[] name, byte[] value) {}

    private Frames() {}

    /** The whole frame, ready to be written. */
    static ByteBuffer encode(Event event) {
        List<Header> headers = new ArrayList<>();
        EventHeaders.write(
                event, (name, value) -> headers.add(new Header(name.getBytes(UTF_8), value)));
        int size = Integer.BYTES + event.body().length;
        for (Header header : headers) {
            size += HEADER_OVERHEAD + header.name().length + header.value().length;
        }
        ByteBuffer frame = ByteBuffer.allocate(PREFIX_BYTES + size);
        frame.position(PREFIX_BYTES);
        frame.putInt(headers.size());
        for (Header header : headers) {
            frame.putShort((short) header.name().length).put(header.name());
            frame.putInt(header.value().length).put(header.value());
        }
        frame.put(event.body());
        frame.putInt(0, size).putInt(Integer.BYTES, crc(frame.array(), PREFIX_BYTES, size));
        return frame.flip();
    }

    /** The event of a payload whose check sum is right. */
    static Event decode(byte[] payload) {
        ByteBuffer in = ByteBuffer.wrap(payload);
        EventHeaders.Reader reader = new EventHeaders.Reader();
        int headers = in.getInt();
        for (int i = 0; i < headers; i++) {
            String name = new String(bytes(in, in.getShort()), UTF_8);
            reader.header(name, bytes(in, in.getInt()));
        }
        return reader.event(bytes(in, in.remaining()));
    }

    static int crc(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }

    private static byte[] bytes(ByteBuffer in, int length) {
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }
}
