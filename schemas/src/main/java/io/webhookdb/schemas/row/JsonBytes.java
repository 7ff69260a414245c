package io.webhookdb.schemas.row;

import java.util.Arrays;

/**
 * Makes a piece of valid JSON acceptable to {@code jsonb} and independent of layout, in one pass
 * over the bytes: white space between tokens goes, {@code \u0000} goes (Postgres text cannot hold
 * it), and an escaped surrogate without its partner becomes {@code \ufffd}.
 */
final class JsonBytes {
    private static final byte[] REPLACEMENT = {'\\', 'u', 'f', 'f', 'f', 'd'};

    private static final byte[] NOTHING = {};

    private JsonBytes() {}

    /** The cleaned copy of {@code json[from, to)}, which must be well-formed JSON. */
    static byte[] clean(byte[] json, int from, int to) {
        byte[] out = null;
        int length = 0;
        // What is as it should be is copied in runs; most resources are one.
        int run = from;
        boolean inString = false;
        for (int i = from; i < to; i++) {
            byte b = json[i];
            if (b == '"') {
                inString = !inString;
                continue;
            }
            if (inString ? b != '\\' : b > ' ') {
                continue;
            }
            int skipped = 1;
            byte[] instead = NOTHING;
            if (inString) {
                if (json[i + 1] != 'u') {
                    i++;
                    continue;
                }
                int unit = hex(json, i + 2);
                boolean high = Character.isHighSurrogate((char) unit);
                if (high && lowSurrogateAt(json, i + 6, to)) {
                    i += 11;
                    continue;
                }
                if (unit != 0 && !Character.isSurrogate((char) unit)) {
                    i += 5;
                    continue;
                }
                skipped = 6;
                instead = unit == 0 ? NOTHING : REPLACEMENT;
            } else if (b < 0) {
                continue;
            }
            if (out == null) {
                out = new byte[to - from];
            }
            System.arraycopy(json, run, out, length, i - run);
            length += i - run;
            System.arraycopy(instead, 0, out, length, instead.length);
            length += instead.length;
            i += skipped - 1;
            run = i + 1;
        }
        if (out == null) {
            return Arrays.copyOfRange(json, from, to);
        }
        System.arraycopy(json, run, out, length, to - run);
        return Arrays.copyOf(out, length + to - run);
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
