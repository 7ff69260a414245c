package io.webhookdb.schemas.row;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.UUID;

/**
 * What decides which of two states of a row is newer: version time, then rank, then event id.
 *
 * <p>The rank settles equal version times: a delete beats a push, a push beats a poll. The event id
 * settles the rest: the later first arrival wins.
 *
 * <p>Packed ({@link #bytes()}) it is {@value #LENGTH} bytes that compare, unsigned byte by byte, as
 * versions do. Replica tables store that as the prefix of {@code _version}.
 *
 * @param timeMicros version time, microseconds since the epoch, may be negative
 * @param rank see {@link Rank}
 * @param eventId the event that first brought this content
 */
public record Version(long timeMicros, Rank rank, UUID eventId) implements Comparable<Version> {
    /** Length of the packed form in bytes: time 8, rank 1, event id 16. */
    public static final int LENGTH = 25;

    /** Order of kinds at equal version time. The code is stored; never renumber. */
    public enum Rank {
        POLL(0),
        PUSH(1),
        DELETE(2);

        private final byte code;

        Rank(int code) {
            this.code = (byte) code;
        }

        /** Stable number for serializers. */
        public byte code() {
            return code;
        }

        /** The rank of that number. */
        public static Rank ofCode(byte code) {
            for (Rank rank : values()) {
                if (rank.code == code) {
                    return rank;
                }
            }
            throw new IllegalArgumentException(
                    "Unknown version rank " + code + ", allowed: 0, 1, 2.");
        }
    }

    /** The packed, comparable form. */
    public byte[] bytes() {
        return ByteBuffer.allocate(LENGTH)
                .putLong(timeMicros ^ Long.MIN_VALUE)
                .put(rank.code)
                .putLong(eventId.getMostSignificantBits())
                .putLong(eventId.getLeastSignificantBits())
                .array();
    }

    /** Reads a packed version; bytes after the first {@value #LENGTH} are ignored. */
    public static Version ofBytes(byte[] packed) {
        if (packed.length < LENGTH) {
            throw new IllegalArgumentException(
                    "A packed version has " + packed.length + " bytes, expected " + LENGTH + ".");
        }
        ByteBuffer buffer = ByteBuffer.wrap(packed);
        return new Version(
                buffer.getLong() ^ Long.MIN_VALUE,
                Rank.ofCode(buffer.get()),
                new UUID(buffer.getLong(), buffer.getLong()));
    }

    /** Lower-case hex of the packed form: sorts as versions do. The public form of a version. */
    public String text() {
        return HexFormat.of().formatHex(bytes());
    }

    /** The same time and rank under another event id. */
    public Version withEventId(UUID id) {
        return new Version(timeMicros, rank, id);
    }

    @Override
    public int compareTo(Version other) {
        return Arrays.compareUnsigned(bytes(), other.bytes());
    }
}
