package io.webhookdb.connectors.replica;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/**
 * Bytes in the binary form of COPY (PostgreSQL documentation, COPY, "Binary Format"): fields with
 * their length before them, all numbers big-endian.
 */
final class CopyBuffer {
    private static final byte[] HEADER = {
        'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
    };
    private static final byte JSONB_FORM = 1;

    private byte[] bytes;
    private int length;

    CopyBuffer(int expected) {
        bytes = new byte[Math.max(64, expected)];
        raw(HEADER);
    }

    void row(int fields) {
        room(2);
        bytes[length++] = (byte) (fields >> 8);
        bytes[length++] = (byte) fields;
    }

    void end() {
        row(-1);
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
        bytes(value.getBytes(UTF_8));
    }

    void bytes(byte[] value) {
        int32(value.length);
        raw(value);
    }

    void jsonb(byte[] json) {
        int32(json.length + 1);
        room(1);
        bytes[length++] = JSONB_FORM;
        raw(json);
    }

    byte[] array() {
        return bytes;
    }

    int length() {
        return length;
    }

    private void int32(int value) {
        room(4);
        bytes[length++] = (byte) (value >> 24);
        bytes[length++] = (byte) (value >> 16);
        bytes[length++] = (byte) (value >> 8);
        bytes[length++] = (byte) value;
    }

    private void int64(long value) {
        int32((int) (value >> 32));
        int32((int) value);
    }

    private void raw(byte[] value) {
        room(value.length);
        System.arraycopy(value, 0, bytes, length, value.length);
        length += value.length;
    }

    private void room(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(length + more, bytes.length * 2));
        }
    }
}
