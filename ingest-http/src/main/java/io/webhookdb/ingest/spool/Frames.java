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

    private Frames() {}

    /** The whole frame, ready to be written. */
    static ByteBuffer encode(Event event) {
        List<byte[]> names = new ArrayList<>();
        List<byte[]> values = new ArrayList<>();
        EventHeaders.write(
                event,
                (name, value) -> {
                    names.add(name.getBytes(UTF_8));
                    values.add(value);
                });
        int size = Integer.BYTES + event.body().length;
        for (int i = 0; i < names.size(); i++) {
            size += HEADER_OVERHEAD + names.get(i).length + values.get(i).length;
        }
        ByteBuffer frame = ByteBuffer.allocate(PREFIX_BYTES + size);
        frame.position(PREFIX_BYTES);
        frame.putInt(names.size());
        for (int i = 0; i < names.size(); i++) {
            frame.putShort((short) names.get(i).length).put(names.get(i));
            frame.putInt(values.get(i).length).put(values.get(i));
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
