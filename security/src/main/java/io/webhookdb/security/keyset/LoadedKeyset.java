package io.webhookdb.security.keyset;

import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import java.security.GeneralSecurityException;
import java.time.Duration;

/**
 * One keyset file as a primitive of Tink that follows the file: looked at again about once a second
 * where it is used, and at once where a ciphertext could not be read. A file that cannot be read
 * any more leaves in use what was read before. Thread-safe.
 */
final class LoadedKeyset<P> {
    private static final long CHECK_NANOS = Duration.ofSeconds(1).toNanos();

    private final KeysetFiles files;
    private final String file;
    private final Class<P> type;
    private final Part part;
    private volatile Loaded<P> loaded;
    private volatile long checked = System.nanoTime();

    /** What of a keyset is used. */
    interface Part {
        KeysetHandle of(KeysetHandle whole) throws GeneralSecurityException;
    }

    private record Loaded<P>(String stamp, P primitive, HeldKeys keys) {}

    /**
     * Reads it.
     *
     * @throws IllegalStateException naming the file, if it is missing or unreadable
     */
    LoadedKeyset(KeysetFiles files, String file, Class<P> type) {
        this(files, file, type, handle -> handle);
    }

    /**
     * Reads it, to use a part of it only.
     *
     * @throws IllegalStateException naming the file, if it is missing or unreadable
     */
    LoadedKeyset(KeysetFiles files, String file, Class<P> type, Part part) {
        this.files = files;
        this.file = file;
        this.type = type;
        this.part = part;
        this.loaded = load();
    }

    P primitive() {
        if (System.nanoTime() - checked > CHECK_NANOS) {
            refresh();
        }
        return loaded.primitive();
    }

    HeldKeys keys() {
        refresh();
        return loaded.keys();
    }

    /** Looks at the file; true if there is another primitive now. */
    synchronized boolean refresh() {
        checked = System.nanoTime();
        try {
            if (files.stamp(file).equals(loaded.stamp())) {
                return false;
            }
            loaded = load();
            return true;
        } catch (IllegalStateException e) {
            // What was read before is still right for what was encrypted with it. Whoever waits
            // for the new key sees in the reports that it has not come.
            return false;
        }
    }

    private Loaded<P> load() {
        // First the stamp: a file replaced between the two is read again.
        String stamp = files.stamp(file);
        KeysetHandle handle = files.read(file);
        try {
            return new Loaded<>(
                    stamp,
                    part.of(handle).getPrimitive(RegistryConfiguration.get(), type),
                    KeysetFiles.held(file, handle));
        } catch (GeneralSecurityException e) {
            throw files.unusable(file, e);
        }
    }
}
