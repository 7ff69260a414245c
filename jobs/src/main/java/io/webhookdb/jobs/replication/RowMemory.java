package io.webhookdb.jobs.replication;

import io.webhookdb.schemas.row.Version;
import io.webhookdb.schemas.row.Version.Rank;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/**
 * What is remembered of one row to order its next event.
 *
 * @param epoch epoch of the integration this is valid for
 * @param definition definition this is valid for
 * @param written version of the newest state passed on
 * @param firstSeen when the content of that state was first seen. Equal to {@code written}'s event
 *     id, except after a retry overtook its original
 * @param sightings contents and deliveries seen at {@code written}'s time, the current state's
 *     included; bounded
 */
record RowMemory(
        long epoch, String definition, Version written, UUID firstSeen, List<Sighting> sightings) {

    /** Most sightings kept. A vendor does not change one resource this often in one instant. */
    static final int MOST_SIGHTINGS = 64;

    RowMemory {
        sightings = List.copyOf(sightings);
    }

    /** What a hash was taken of. The code is stored in state; never renumber. */
    enum Kind {
        CONTENT(0),
        /** Apart from CONTENT, since the final object of a delete equals the last upsert. */
        TOMBSTONE(1),
        DELIVERY(2);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }

        static Kind ofCode(int code) {
            for (Kind kind : values()) {
                if (kind.code == code) {
                    return kind;
                }
            }
            throw new IllegalArgumentException("Unknown kind " + code + ", allowed: 0, 1, 2.");
        }
    }

    /** Whether a sighting belongs to the newest state. The code is stored; never renumber. */
    enum Standing {
        PAST(0),
        CURRENT(1);

        private final int code;

        Standing(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }

        static Standing ofCode(int code) {
            return code == 0 ? PAST : CURRENT;
        }
    }

    /**
     * Something seen at the current version time.
     *
     * @param kind what was hashed
     * @param hash 16 bytes
     * @param first the smallest event id it came with
     * @param standing whether it belongs to the newest state
     * @param rank the highest rank it came with
     * @param place where an event lies that brought it with that rank; null where that was not
     *     written down: of deliveries, and in state of earlier releases
     */
    record Sighting(
            Kind kind, byte[] hash, UUID first, Standing standing, Rank rank, LogPlace place) {
        Sighting with(Standing other) {
            return new Sighting(kind, hash, first, other, rank, place);
        }

        boolean isOf(Kind otherKind, byte[] otherHash) {
            return kind == otherKind && Arrays.equals(hash, otherHash);
        }
    }
}
