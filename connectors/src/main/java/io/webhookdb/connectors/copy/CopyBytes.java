package io.webhookdb.connectors.copy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.UUID;

/**
 * Bytes in the binary form of COPY (PostgreSQL documentation, COPY, "Binary Format"): fields with
 * their length before them, all numbers big-endian. Begins with the header; each row is {@link
 * #row}, then that many fields; {@link #end} comes last. Not safe for use by several threads.
 */
public final class CopyBytes {
    private static final byte[] HEADER = {
        'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
    };
    private static final byte JSONB_FORM = 1;

    private byte[] bytes;
    private int length;

    /**
     * @param expected bytes there will probably be; it grows beyond them
     */
    public CopyBytes(int expected) {
        bytes = new byte[Math.max(64, expected)];
        raw(HEADER);
    }

    /** Begins a row of so many fields. */
    public void row(int fields) {
        int16(fields);
    }

    public void end() {
        int16(-1);
    }

    /** NULL. */
    public void nothing() {
        int32(-1);
    }

    public void int4(int value) {
        int32(4);
        int32(value);
    }

    public void int8(long value) {
        int32(8);
        int64(value);
    }

    public void bool(boolean value) {
        int32(1);
        room(1);
        bytes[length++] = (byte) (value ? 1 : 0);
    }

    public void uuid(UUID value) {
        int32(16);
        int64(value.getMostSignificantBits());
        int64(value.getLeastSignificantBits());
    }

    public void text(String value) {
        field(value.getBytes(UTF_8));
    }

    /** A field in its own binary form: text, bytea. */
    public void field(byte[] value) {
        int32(value.length);
        raw(value);
    }

    /** JSON in UTF-8, from one place until before the other. */
    public void jsonb(byte[] json, int from, int to) {
        int32(to - from + 1);
        room(1 + to - from);
        bytes[length++] = JSONB_FORM;
        System.arraycopy(json, from, bytes, length, to - from);
        length += to - from;
    }

    /** Begins a field whose length is known only at its end. */
    public int open() {
        int32(0);
        return length;
    }

    /** Ends the field that {@link #open} began. */
    public void close(int opened) {
        int end = length;
        length = opened - 4;
        int32(end - opened);
        length = end;
    }

    /** Four bytes inside an open field. */
    public void int32(int value) {
        int16(value >> 16);
        int16(value);
    }

    /** The buffer itself; {@link #length} of it count. */
    public byte[] array() {
        return bytes;
    }

    public int length() {
        return length;
    }

    private void int64(long value) {
        int32((int) (value >> 32));
        int32((int) value);
    }

    private void int16(int value) {
        room(2);
        bytes[length++] = (byte) (value >> 8);
        bytes[length++] = (byte) value;
    }

    private void raw(byte[] value) {
        room(value.length);
        System.arraycopy(value, 0, bytes, length, value.length);
        length += value.length;
    }

    private void room(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
