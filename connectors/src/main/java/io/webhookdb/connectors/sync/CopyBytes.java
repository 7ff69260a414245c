package io.webhookdb.connectors.sync;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/**
 * Bytes in the binary form of COPY (PostgreSQL documentation, COPY, "Binary Format"): fields with
 * their length before them, all numbers big-endian.
 */
final class CopyBytes {
    private static final byte[] HEADER = {
        'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
    };
    private static final byte JSONB_FORM = 1;

    private byte[] bytes;
    private int length;

    CopyBytes(int expected) {
        bytes = new byte[Math.max(64, expected)];
        raw(HEADER);
    }

    void row(int fields) {
        int16(fields);
    }

    void end() {
        int16(-1);
    }

    void nothing() {
        int32(-1);
    }

    void int4(int value) {
        int32(4);
        int32(value);
    }

    void int8(long value) {
        int32(8);
        int64(value);
    }

    void bool(boolean value) {
        int32(1);
        room(1);
        bytes[length++] = (byte) (value ? 1 : 0);
    }

    void uuid(java.util.UUID value) {
        int32(16);
        int64(value.getMostSignificantBits());
        int64(value.getLeastSignificantBits());
    }

    void text(String value) {
        field(value.getBytes(UTF_8));
    }

    void field(byte[] value) {
        int32(value.length);
        raw(value);
    }

    void jsonb(byte[] json, int from, int to) {
        int32(to - from + 1);
        room(1 + to - from);
        bytes[length++] = JSONB_FORM;
        System.arraycopy(json, from, bytes, length, to - from);
        length += to - from;
    }

    /** Begins a field whose length is known only at its end. */
    int open() {
        int32(0);
        return length;
    }

    /** Ends the field that {@link #open} began. */
    void close(int opened) {
        int end = length;
        length = opened - 4;
        int32(end - opened);
        length = end;
    }

    void int32(int value) {
        int16(value >> 16);
        int16(value);
    }

    /** The buffer itself; {@link #length} of it count. */
    byte[] array() {
        return bytes;
    }

    int length() {
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
