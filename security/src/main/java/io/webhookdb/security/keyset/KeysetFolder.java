package io.webhookdb.security.keyset;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.HybridDecrypt;
import com.google.crypto.tink.HybridEncrypt;
import com.google.crypto.tink.KeysetHandle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * The keysets of a deployment as files in one folder. Each process gets only the files it may use:
 *
 * <ul>
 *   <li>{@code ingest.json}: webhook secrets; ingest and control plane
 *   <li>{@code readers.json}: read-only connection strings; control plane
 *   <li>{@code connections.public.json}: seals owner and target credentials; api and ingest
 *   <li>{@code connections.json}: opens them; provisioner and jobs
 * </ul>
 *
 * A keyset is read when it is first asked for, so a process with a missing file fails at start with
 * the file's name, and only if it needs it. What was handed out follows the file: keys that are
 * added, promoted or retired take effect without a restart.
 */
public final class KeysetFolder {
    static final String INGEST = Keyset.INGEST.file();
    static final String READERS = Keyset.READERS.file();
    static final String CONNECTIONS = Keyset.CONNECTIONS.file();
    static final String CONNECTIONS_PUBLIC = KeysetFiles.CONNECTIONS_PUBLIC;

    private final Path folder;
    private final KeysetFiles files;

    private KeysetFolder(Path folder) {
        this.folder = folder;
        this.files = new KeysetFiles(folder);
    }

    /** An existing folder, whose files someone else provides. */
    public static KeysetFolder open(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException(
                    "WEBHOOKDB_KEYSETS names \"" + folder + "\", which is no folder.");
        }
        return new KeysetFolder(folder);
    }

    /** A folder in which missing keysets are generated, mode 0600. */
    public static KeysetFolder openOrGenerate(Path folder) {
        try {
            Files.createDirectories(
                    folder,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
            KeysetFolder keysets = new KeysetFolder(folder);
            for (Keyset keyset : Keyset.values()) {
                keysets.generate(keyset);
            }
            keysets.derivePublic();
            return keysets;
        } catch (IOException e) {
            throw new IllegalStateException("Cannot write keysets to " + folder, e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Cannot generate keysets", e);
        }
    }

    /** Where the files are. */
    public Path path() {
        return folder;
    }

    /**
     * Fails now, rather than when they are needed, where one of these or the public keys are
     * missing.
     *
     * @throws IllegalStateException naming the file
     */
    public void require(Keyset... keysets) {
        for (Keyset keyset : keysets) {
            files.read(keyset.file());
        }
        files.read(CONNECTIONS_PUBLIC);
    }

    /** Cipher for webhook secrets. */
    public SecretCipher ingest() {
        return aead(INGEST);
    }

    /** Cipher for read-only connection strings. */
    public SecretCipher readers() {
        return aead(READERS);
    }

    /** Seals owner and target credentials. */
    public SecretSealer connectionsSealer() {
        return sealer(load(CONNECTIONS_PUBLIC, HybridEncrypt.class));
    }

    /** The same with the public half of the keys that open, for whoever has these. */
    public SecretSealer connectionsSealerOfOpener() {
        return sealer(
                new LoadedKeyset<>(
                        files,
                        CONNECTIONS,
                        HybridEncrypt.class,
                        KeysetHandle::getPublicKeysetHandle));
    }

    private static SecretSealer sealer(LoadedKeyset<HybridEncrypt> keys) {
        return (secret, context) -> {
            try {
                return Base64.getEncoder()
                        .encodeToString(
                                keys.primitive()
                                        .encrypt(secret.getBytes(UTF_8), context.getBytes(UTF_8)));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("Cannot seal the secret of " + context, e);
            }
        };
    }

    /** The same where this process was given the public keys; else empty. */
    public Optional<SecretSealer> connectionsSealerIfThere() {
        return files.has(CONNECTIONS_PUBLIC) ? Optional.of(connectionsSealer()) : Optional.empty();
    }

    /** Opens owner and target credentials. */
    public SecretOpener connectionsOpener() {
        LoadedKeyset<HybridDecrypt> keys = load(CONNECTIONS, HybridDecrypt.class);
        return (ciphertext, context) ->
                Decryption.of(keys, HybridDecrypt::decrypt, ciphertext, context);
    }

    /** The keys of every keyset there is in the folder, as they are now. */
    public List<HeldKeys> held() {
        List<HeldKeys> held = new ArrayList<>();
        for (Keyset keyset : Keyset.values()) {
            if (files.has(keyset.file())) {
                held.add(KeysetFiles.held(keyset.file(), files.read(keyset.file())));
            }
        }
        if (files.has(CONNECTIONS_PUBLIC)) {
            held.add(KeysetFiles.held(CONNECTIONS_PUBLIC, files.read(CONNECTIONS_PUBLIC)));
        }
        return held;
    }

    private SecretCipher aead(String file) {
        return new AeadCipher(load(file, Aead.class));
    }

    private <P> LoadedKeyset<P> load(String file, Class<P> type) {
        return new LoadedKeyset<>(files, file, type);
    }

    private void generate(Keyset keyset) throws GeneralSecurityException {
        if (!files.has(keyset.file())) {
            files.write(keyset.file(), KeysetHandle.generateNew(keyset.parameters()));
        }
    }

    private void derivePublic() throws GeneralSecurityException {
        if (!files.has(CONNECTIONS_PUBLIC)) {
            files.write(CONNECTIONS_PUBLIC, files.read(CONNECTIONS).getPublicKeysetHandle());
        }
    }

    private record AeadCipher(LoadedKeyset<Aead> keys) implements SecretCipher {
        @Override
        public String encrypt(String secret, String context) {
            try {
                return Base64.getEncoder()
                        .encodeToString(
                                keys.primitive()
                                        .encrypt(secret.getBytes(UTF_8), context.getBytes(UTF_8)));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("Cannot encrypt the secret of " + context, e);
            }
        }

        @Override
        public String decrypt(String ciphertext, String context) {
            return Decryption.of(keys, Aead::decrypt, ciphertext, context);
        }
    }
}
