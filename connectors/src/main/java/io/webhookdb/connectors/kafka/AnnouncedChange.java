package io.webhookdb.connectors.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.webhookdb.schemas.trace.TraceContext;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * A record of the change log on its way to whoever reads it: the JSON as it is, so that only those
 * parse it who need it, and its trace.
 *
 * @param json the record's value, UTF-8
 * @param trace null if it is in none
 */
public record AnnouncedChange(byte[] json, TraceContext trace) {
    /** No JSON starts with it. */
    private static final byte TRACED = 1;

    /** Of a record. */
    public static AnnouncedChange of(ConsumerRecord<byte[], byte[]> record) {
        return new AnnouncedChange(
                record.value(), TraceContext.of(name -> text(record.headers().lastHeader(name))));
    }

    private static String text(Header header) {
        return header == null || header.value() == null ? null : new String(header.value(), UTF_8);
    }

    /**
     * The element of a stream: without a trace the JSON itself, which is also what earlier releases
     * left on the way.
     */
    public byte[] bytes() {
        if (trace == null) {
            return json;
        }
        byte[] parent = trace.parent().getBytes(UTF_8);
        byte[] state = trace.state() == null ? new byte[0] : trace.state().getBytes(UTF_8);
        return ByteBuffer.allocate(1 + 1 + parent.length + 2 + state.length + json.length)
                .put(TRACED)
                .put((byte) parent.length)
                .put(parent)
                .putShort((short) state.length)
                .put(state)
                .put(json)
                .array();
    }

    /** What {@link #bytes} wrote. */
    public static AnnouncedChange read(byte[] bytes) {
        if (bytes.length == 0 || bytes[0] != TRACED) {
            return new AnnouncedChange(bytes, null);
        }
        ByteBuffer in = ByteBuffer.wrap(bytes, 1, bytes.length - 1);
        String parent = text(in, in.get());
        String state = text(in, in.getShort());
        return new AnnouncedChange(
                Arrays.copyOfRange(bytes, in.position(), bytes.length),
                new TraceContext(parent, state.isEmpty() ? null : state));
    }

    private static String text(ByteBuffer in, int length) {
        byte[] text = new byte[length];
        in.get(text);
        return new String(text, UTF_8);
    }
}
