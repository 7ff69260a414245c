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
        int kept = from;
        boolean inString = false;
        // What stays is copied in runs: vendors mostly send what needs no cleaning.
        for (int i = from; i < to; i++) {
            byte b = json[i];
            if (b == '"') {
                inString = !inString;
            } else if (!inString) {
                if (b == ' ' || b == '\n' || b == '\r' || b == '\t') {
                    length = append(json, kept, i, out, length);
                    kept = i + 1;
                }
            } else if (b == '\\') {
                i++;
                if (json[i] == 'u') {
                    int unit = hex(json, i + 1);
                    boolean pair =
                            Character.isHighSurrogate((char) unit)
                                    && lowSurrogateAt(json, i + 5, to);
                    if (unit == 0 || (!pair && Character.isSurrogate((char) unit))) {
                        length = append(json, kept, i - 1, out, length);
                        length = unit == 0 ? length : append(REPLACEMENT, 0, 6, out, length);
                        kept = i + 5;
                    }
                    i += pair ? 10 : 4;
                }
            }
        }
        length = append(json, kept, to, out, length);
        return length == out.length ? out : Arrays.copyOf(out, length);
    }

    private static int append(byte[] source, int from, int to, byte[] out, int length) {
        System.arraycopy(source, from, out, length, to - from);
        return length + to - from;
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
