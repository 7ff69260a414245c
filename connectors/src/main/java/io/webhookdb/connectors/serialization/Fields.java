package io.webhookdb.connectors.serialization;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.UUID;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Fields as every {@link VersionedSerializer} writes them. A length of -1 stands for null. */
public final class Fields {
    private static final int NULL = -1;

    private Fields() {}

    /** UTF-8 with its length before it; may be null. */
    public static void writeText(String text, DataOutputView out) throws IOException {
        writeBytes(text == null ? null : text.getBytes(UTF_8), out);
    }

    /** What {@link #writeText} wrote. */
    public static String readText(DataInputView in) throws IOException {
        byte[] bytes = readBytes(in);
        return bytes == null ? null : new String(bytes, UTF_8);
    }

    /** Bytes with their length before them; may be null. */
    public static void writeBytes(byte[] bytes, DataOutputView out) throws IOException {
        if (bytes == null) {
            out.writeInt(NULL);
        } else {
            out.writeInt(bytes.length);
            out.write(bytes);
        }
    }

    /** What {@link #writeBytes} wrote. */
    public static byte[] readBytes(DataInputView in) throws IOException {
        int length = in.readInt();
        if (length == NULL) {
            return null;
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return bytes;
    }

    /** 16 bytes, never null. */
    public static void writeUuid(UUID id, DataOutputView out) throws IOException {
        out.writeLong(id.getMostSignificantBits());
        out.writeLong(id.getLeastSignificantBits());
    }

    /** What {@link #writeUuid} wrote. */
    public static UUID readUuid(DataInputView in) throws IOException {
        return new UUID(in.readLong(), in.readLong());
    }
}
