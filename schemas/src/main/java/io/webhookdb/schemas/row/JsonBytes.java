package io.webhookdb.schemas.row;

import java.util.Arrays;

/**
 * Makes a piece of valid JSON acceptable to {@code jsonb} and independent of layout, in one pass
 * over the bytes: white space between tokens goes, {@code \u0000} goes (Postgres text cannot hold
 * it), and an escaped surrogate without its partner becomes {@code \ufffd}.
 */
final class JsonBytes {
    private static final byte[] REPLACEMENT = {'\\', 'u', 'f', 'f', 'f', 'd'};

    private JsonBytes() {}

    /** The cleaned copy of {@code json[from, to)}, which must be well-formed JSON. */
    static byte[] clean(byte[] json, int from, int to) {
        byte[] out = new byte[to - from];
        int length = 0;
        boolean inString = false;
        for (int i = from; i < to; i++) {
            byte b = json[i];
            if (!inString) {
                if (b == ' ' || b == '\n' || b == '\r' || b == '\t') {
                    continue;
                }
                inString = b == '"';
                out[length++] = b;
            } else if (b == '"') {
                inString = false;
                out[length++] = b;
            } else if (b != '\\') {
                out[length++] = b;
            } else if (json[i + 1] != 'u') {
                out[length++] = b;
                out[length++] = json[++i];
            } else {
                int unit = hex(json, i + 2);
                int consumed = 6;
                if (unit == 0) {
                    i += consumed - 1;
                    continue;
                }
                if (Character.isHighSurrogate((char) unit) && lowSurrogateAt(json, i + 6, to)) {
                    consumed = 12;
                } else if (Character.isSurrogate((char) unit)) {
                    System.arraycopy(REPLACEMENT, 0, out, length, 6);
                    length += 6;
                    i += consumed - 1;
                    continue;
                }
                System.arraycopy(json, i, out, length, consumed);
                length += consumed;
                i += consumed - 1;
            }
        }
        return length == out.length ? out : Arrays.copyOf(out, length);
    }

    private static boolean lowSurrogateAt(byte[] json, int at, int to) {
        return at + 6 <= to
                && json[at] == '\\'
                && json[at + 1] == 'u'
                && Character.isLowSurrogate((char) hex(json, at + 2));
    }

    private static int hex(byte[] json, int at) {
        int value = 0;
        for (int i = at; i < at + 4; i++) {
            value = value << 4 | Character.digit(json[i], 16);
        }
        return value;
    }
}
