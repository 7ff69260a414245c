package io.webhookdb.connectors.sync;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A body in parts. A page of a thousand rows is a megabyte or more: in one piece the collector
 * would treat each as an object apart and begin to mark the heap time and again, and the socket
 * would copy all that is left of it for each part it takes.
 *
 * @param parts in order, never changed
 * @param length of all of them, bytes
 */
record PageBody(List<byte[]> parts, long length) {
    PageBody {
        parts = List.copyOf(parts);
    }

    static PageBody of(byte[] bytes) {
        return new PageBody(List.of(bytes), bytes.length);
    }

    byte[] bytes() {
        ByteArrayOutputStream all = new ByteArrayOutputStream((int) length);
        parts.forEach(all::writeBytes);
        return all.toByteArray();
    }

    /** Writes bodies. */
    static final class Writer {
        private static final int PART = 128 << 10;

        private final List<byte[]> full = new ArrayList<>();
        private byte[] part;
        private int used;
        private long length;

        /**
         * @param expected about how many bytes there will be
         */
        Writer(long expected) {
            part = new byte[(int) Math.max(64, Math.min(expected, PART))];
        }

        Writer write(char ascii) {
            if (used == part.length) {
                next();
            }
            part[used++] = (byte) ascii;
            return this;
        }

        Writer write(String text) {
            return write(text.getBytes(UTF_8));
        }

        Writer write(byte[] bytes) {
            return write(bytes, 0, bytes.length);
        }

        Writer write(byte[] bytes, int from, int count) {
            int at = from;
            int left = count;
            while (left > 0) {
                if (used == part.length) {
                    next();
                }
                int fits = Math.min(left, part.length - used);
                System.arraycopy(bytes, at, part, used, fits);
                used += fits;
                at += fits;
                left -= fits;
            }
            return this;
        }

        private void next() {
            full.add(part);
            length += used;
            part = new byte[PART];
            used = 0;
        }

        /** What was written; the writer is done with. */
        PageBody body() {
            full.add(used == part.length ? part : Arrays.copyOf(part, used));
            return new PageBody(full, length + used);
        }
    }
}
