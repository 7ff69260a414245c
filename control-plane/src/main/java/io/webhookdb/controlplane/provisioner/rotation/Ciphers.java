package io.webhookdb.controlplane.provisioner.rotation;

import io.webhookdb.security.keyset.KeyOf;
import io.webhookdb.security.keyset.Keyset;
import io.webhookdb.security.keyset.KeysetFolder;
import io.webhookdb.security.keyset.SecretCipher;
import io.webhookdb.security.keyset.SecretOpener;
import io.webhookdb.security.keyset.SecretSealer;
import io.webhookdb.security.keyset.SecretUnreadableException;
import java.util.Optional;

/** Moves ciphertexts to the new keys. Only where the whole folder is can this be done. */
final class Ciphers {
    private final KeyChanges changes;
    private final SecretCipher ingest;
    private final SecretCipher readers;
    private final SecretOpener opener;
    private final SecretSealer sealer;

    Ciphers(KeyChanges changes, KeysetFolder keysets) {
        this.changes = changes;
        this.ingest = keysets.ingest();
        this.readers = keysets.readers();
        this.opener = keysets.connectionsOpener();
        this.sealer = keysets.connectionsSealer();
    }

    /**
     * The same secret under the new key; empty if it is that already, or under a key that went long
     * ago.
     *
     * @throws IllegalStateException if it is under a key that is to go and cannot be opened: going
     *     on would lose it
     */
    Optional<String> moved(Keyset keyset, String ciphertext, String context) {
        if (!changes.of(keyset).retired().contains(key(ciphertext))) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    switch (keyset) {
                        case INGEST -> ingest.encrypt(ingest.decrypt(ciphertext, context), context);
                        case READERS ->
                                readers.encrypt(readers.decrypt(ciphertext, context), context);
                        case CONNECTIONS -> sealer.seal(opener.open(ciphertext, context), context);
                    });
        } catch (SecretUnreadableException e) {
            throw new IllegalStateException(
                    "The rotation cannot go on: " + e.getMessage() + " Nothing was retired.", e);
        }
    }

    private static long key(String ciphertext) {
        try {
            return KeyOf.ciphertext(ciphertext);
        } catch (IllegalArgumentException e) {
            // No ciphertext of ours, so no key of ours keeps it.
            return 0;
        }
    }
}
