package io.webhookdb.security.keyset;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.HybridDecrypt;
import com.google.crypto.tink.HybridEncrypt;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.Parameters;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import com.google.crypto.tink.hybrid.HybridConfig;
import com.google.crypto.tink.hybrid.PredefinedHybridParameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.Base64;

/**
 * The keysets of a deployment as files in one folder. Each process gets only the files it may use:
 *
 * <ul>
 *   <li>{@code ingest.json}: webhook secrets; ingest and control plane
 *   <li>{@code readers.json}: read-only connection strings; control plane
 *   <li>{@code connections.public.json}: seals owner and target credentials; api
 *   <li>{@code connections.json}: opens them; provisioner and jobs
 * </ul>
 *
 * A keyset is read when it is first asked for, so a process with a missing file fails at start with
 * the file's name, and only if it needs it.
 */
public final class KeysetFolder {
    static final String INGEST = "ingest.json";
    static final String READERS = "readers.json";
    static final String CONNECTIONS = "connections.json";
    static final String CONNECTIONS_PUBLIC = "connections.public.json";

    private final Path folder;

    private KeysetFolder(Path folder) {
        this.folder = folder;
        try {
            AeadConfig.register();
            HybridConfig.register();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Tink cannot be initialized", e);
        }
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
            keysets.generate(INGEST, PredefinedAeadParameters.AES256_GCM);
            keysets.generate(READERS, PredefinedAeadParameters.AES256_GCM);
            keysets.generate(
                    CONNECTIONS, PredefinedHybridParameters.ECIES_P256_HKDF_HMAC_SHA256_AES128_GCM);
            keysets.derivePublic();
            return keysets;
        } catch (IOException e) {
            throw new IllegalStateException("Cannot write keysets to " + folder, e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Cannot generate keysets", e);
        }
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
        try {
            HybridEncrypt encrypt =
                    read(CONNECTIONS_PUBLIC)
                            .getPrimitive(RegistryConfiguration.get(), HybridEncrypt.class);
            return (secret, context) -> {
                try {
                    return Base64.getEncoder()
                            .encodeToString(
                                    encrypt.encrypt(
                                            secret.getBytes(UTF_8), context.getBytes(UTF_8)));
                } catch (GeneralSecurityException e) {
                    throw new IllegalStateException("Cannot seal the secret of " + context, e);
                }
            };
        } catch (GeneralSecurityException e) {
            throw unusable(CONNECTIONS_PUBLIC, e);
        }
    }

    /** Opens owner and target credentials. */
    public SecretOpener connectionsOpener() {
        try {
            HybridDecrypt decrypt =
                    read(CONNECTIONS)
                            .getPrimitive(RegistryConfiguration.get(), HybridDecrypt.class);
            return (ciphertext, context) -> {
                try {
                    byte[] sealed = Base64.getDecoder().decode(ciphertext);
                    return new String(decrypt.decrypt(sealed, context.getBytes(UTF_8)), UTF_8);
                } catch (GeneralSecurityException | IllegalArgumentException e) {
                    throw new SecretUnreadableException(context, e);
                }
            };
        } catch (GeneralSecurityException e) {
            throw unusable(CONNECTIONS, e);
        }
    }

    private SecretCipher aead(String file) {
        try {
            return new AeadCipher(read(file).getPrimitive(RegistryConfiguration.get(), Aead.class));
        } catch (GeneralSecurityException e) {
            throw unusable(file, e);
        }
    }

    private KeysetHandle read(String file) {
        Path path = folder.resolve(file);
        try {
            return TinkJsonProtoKeysetFormat.parseKeyset(
                    Files.readString(path), InsecureSecretKeyAccess.get());
        } catch (IOException | GeneralSecurityException e) {
            throw unusable(file, e);
        }
    }

    private IllegalStateException unusable(String file, Exception cause) {
        return new IllegalStateException(
                "Keyset " + folder.resolve(file) + " is missing or unreadable.", cause);
    }

    private void generate(String file, Parameters parameters)
            throws IOException, GeneralSecurityException {
        if (!Files.exists(folder.resolve(file))) {
            write(file, KeysetHandle.generateNew(parameters));
        }
    }

    private void derivePublic() throws IOException, GeneralSecurityException {
        if (!Files.exists(folder.resolve(CONNECTIONS_PUBLIC))) {
            write(CONNECTIONS_PUBLIC, read(CONNECTIONS).getPublicKeysetHandle());
        }
    }

    /** Written beside and moved into place, so that a kill never leaves half a keyset. */
    private void write(String file, KeysetHandle handle)
            throws IOException, GeneralSecurityException {
        String json =
                TinkJsonProtoKeysetFormat.serializeKeyset(handle, InsecureSecretKeyAccess.get());
        Path temporary =
                Files.createTempFile(
                        folder,
                        file,
                        ".new",
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")));
        Files.writeString(temporary, json);
        Files.move(temporary, folder.resolve(file), StandardCopyOption.ATOMIC_MOVE);
    }

    private record AeadCipher(Aead aead) implements SecretCipher {
        @Override
        public String encrypt(String secret, String context) {
            try {
                return Base64.getEncoder()
                        .encodeToString(
                                aead.encrypt(secret.getBytes(UTF_8), context.getBytes(UTF_8)));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("Cannot encrypt the secret of " + context, e);
            }
        }

        @Override
        public String decrypt(String ciphertext, String context) {
            try {
                byte[] encrypted = Base64.getDecoder().decode(ciphertext);
                return new String(aead.decrypt(encrypted, context.getBytes(UTF_8)), UTF_8);
            } catch (GeneralSecurityException | IllegalArgumentException e) {
                throw new SecretUnreadableException(context, e);
            }
        }
    }
}
