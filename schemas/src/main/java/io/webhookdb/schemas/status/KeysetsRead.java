package io.webhookdb.schemas.status;

import java.time.Duration;
import java.util.List;

/**
 * Which keys a running part holds and what it needs them for. A later report of the same reader
 * replaces the earlier.
 *
 * @param reader one part of one run of a process, such as {@code delivery/1/5f0c}
 * @param keyset name of the keyset
 * @param keys ids of the keys it can decrypt with
 * @param controlRevisionMicros time up to which it has applied control records, microseconds since
 *     the epoch: what was published before is decrypted, and of a reader with state in a completed
 *     checkpoint
 * @param checkpoint id of that checkpoint, 0 while there is none; -1 for a reader without state
 * @param at ISO-8601 time of this report
 * @param primary id of the key it encrypts with
 */
public record KeysetsRead(
        String reader,
        String keyset,
        List<Long> keys,
        long controlRevisionMicros,
        long checkpoint,
        String at,
        long primary)
        implements StatusReport {

    /** How often a reader reports. */
    public static final Duration EVERY = Duration.ofSeconds(3);

    public KeysetsRead {
        keys = List.copyOf(keys);
    }

    @Override
    public String key() {
        return "reader/" + reader;
    }

    /** The kind of process: what is before the reader's first slash. */
    public static String part(String reader) {
        return reader.substring(0, Math.max(0, reader.indexOf('/')));
    }
}
