package io.webhookdb.connectors.sync;

import io.webhookdb.schemas.row.Version;
import io.webhookdb.schemas.trace.TraceContext;
import java.util.HexFormat;

/**
 * One row as a target gets it.
 *
 * @param key the vendor's key as text
 * @param pk primary key in the replica
 * @param version sorts as text; the newest of a row counts
 * @param deleted whether the row is a tombstone
 * @param row JSON object of the remote key and the catalogue's columns, UTF-8
 * @param data JSON of the resource, UTF-8; null if it must be read from the replica first
 * @param trace the trace of the change that brought it; null if it is in none
 */
public record SyncRow(
        String key,
        long pk,
        String version,
        boolean deleted,
        byte[] row,
        byte[] data,
        TraceContext trace) {
    private static final int OVERHEAD = 200;

    /** A row in no trace: one that was there before. */
    public SyncRow(String key, long pk, String version, boolean deleted, byte[] row, byte[] data) {
        this(key, pk, version, deleted, row, data, null);
    }

    /** The same in a trace; null for none. */
    SyncRow in(TraceContext newTrace) {
        return newTrace == null
                ? this
                : new SyncRow(key, pk, version, deleted, row, data, newTrace);
    }

    /** Whether the row lacks what targets need. */
    boolean isTruncated() {
        return data == null;
    }

    /** About how many bytes of heap it takes. */
    long weight() {
        return OVERHEAD + (long) key.length() * 2 + row.length + (data == null ? 0 : data.length);
    }

    boolean isNewerThan(String otherVersion) {
        return version.compareTo(otherVersion) > 0;
    }

    /** The version as its parts. */
    public Version parsedVersion() {
        return Version.ofBytes(HexFormat.of().parseHex(version));
    }

    /** Never prints the payload. */
    @Override
    public String toString() {
        return "SyncRow[" + key + " " + version + (deleted ? " deleted" : "") + "]";
    }
}
