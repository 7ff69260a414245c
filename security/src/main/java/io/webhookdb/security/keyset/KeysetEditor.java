package io.webhookdb.security.keyset;

import com.google.crypto.tink.KeysetHandle;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * Changes the keys of a folder. Every change may be repeated: it names the key it is about, and
 * does nothing where it was done. Private files are changed before public ones, so that nothing is
 * sealed that cannot be opened.
 */
public final class KeysetEditor {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final KeysetFiles files;

    public KeysetEditor(KeysetFolder folder) {
        this.files = new KeysetFiles(folder.path());
    }

    /** Whether the folder has every keyset and they can be replaced. */
    public static boolean canEdit(KeysetFolder folder) {
        KeysetFiles files = new KeysetFiles(folder.path());
        return Files.isWritable(folder.path())
                && files.has(KeysetFiles.CONNECTIONS_PUBLIC)
                && Arrays.stream(Keyset.values()).allMatch(keyset -> files.has(keyset.file()));
    }

    /** An id no key of the keyset has. */
    public long unusedId(Keyset keyset) {
        HeldKeys held = keys(keyset);
        long id;
        do {
            id = Integer.toUnsignedLong(RANDOM.nextInt());
        } while (id == 0 || held.all().contains(id));
        return id;
    }

    /** The keys there are. */
    public HeldKeys keys(Keyset keyset) {
        return KeysetFiles.held(keyset.file(), files.read(keyset.file()));
    }

    /** Adds a new key under that id; nothing is encrypted with it yet. */
    public void add(Keyset keyset, long id) {
        if (!keys(keyset).all().contains(id)) {
            change(
                    keyset,
                    builder ->
                            builder.addEntry(
                                    KeysetHandle.generateEntryFromParameters(keyset.parameters())
                                            .withFixedId((int) id)));
        }
        publish(keyset);
    }

    /** Encrypts with that key from now on. */
    public void promote(Keyset keyset, long id) {
        int index = keys(keyset).all().indexOf(id);
        if (index < 0) {
            throw new IllegalStateException("Keyset " + keyset.word() + " has no key " + id + ".");
        }
        if (keys(keyset).primary() != id) {
            change(keyset, builder -> builder.getAt(index).makePrimary());
        }
        publish(keyset);
    }

    /** Removes a key for good: what was encrypted with it is lost. */
    public void retire(Keyset keyset, long id) {
        int index = keys(keyset).all().indexOf(id);
        if (keys(keyset).primary() == id) {
            throw new IllegalStateException(
                    "Key " + id + " of keyset " + keyset.word() + " is in use.");
        }
        if (index >= 0) {
            change(keyset, builder -> builder.deleteAt(index));
        }
        publish(keyset);
    }

    private interface Change {
        void apply(KeysetHandle.Builder builder);
    }

    private void change(Keyset keyset, Change change) {
        try {
            KeysetHandle.Builder builder = KeysetHandle.newBuilder(files.read(keyset.file()));
            change.apply(builder);
            files.write(keyset.file(), builder.build());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Keyset " + keyset.word() + " cannot be changed", e);
        }
    }

    private void publish(Keyset keyset) {
        if (keyset != Keyset.CONNECTIONS) {
            return;
        }
        try {
            KeysetHandle wanted = files.read(keyset.file()).getPublicKeysetHandle();
            if (!files.read(KeysetFiles.CONNECTIONS_PUBLIC).equalsKeyset(wanted)) {
                files.write(KeysetFiles.CONNECTIONS_PUBLIC, wanted);
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The public keys cannot be derived", e);
        }
    }
}
