package io.webhookdb.security.keyset;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.hybrid.HybridConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.stream.IntStream;

/** Keyset files of one folder, read and written as wholes. */
record KeysetFiles(Path folder) {
    static final String CONNECTIONS_PUBLIC = "connections.public.json";

    KeysetFiles {
        try {
            AeadConfig.register();
            HybridConfig.register();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Tink cannot be initialized", e);
        }
    }

    KeysetHandle read(String file) {
        try {
            return TinkJsonProtoKeysetFormat.parseKeyset(
                    Files.readString(folder.resolve(file)), InsecureSecretKeyAccess.get());
        } catch (IOException | GeneralSecurityException e) {
            throw unusable(file, e);
        }
    }

    /** Changes whenever the file was replaced, as far as the file system can tell. */
    String stamp(String file) {
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(folder.resolve(file), BasicFileAttributes.class);
            return attributes.lastModifiedTime()
                    + " "
                    + attributes.size()
                    + " "
                    + attributes.fileKey();
        } catch (IOException e) {
            throw unusable(file, e);
        }
    }

    /** Written beside and moved into place, so that a kill never leaves half a keyset. */
    void write(String file, KeysetHandle handle) {
        try {
            Path temporary =
                    Files.createTempFile(
                            folder,
                            file,
                            ".new",
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString("rw-------")));
            Files.writeString(
                    temporary,
                    TinkJsonProtoKeysetFormat.serializeKeyset(
                            handle, InsecureSecretKeyAccess.get()));
            Files.move(temporary, folder.resolve(file), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("Cannot write " + folder.resolve(file), e);
        }
    }

    boolean has(String file) {
        return Files.exists(folder.resolve(file));
    }

    IllegalStateException unusable(String file, Exception cause) {
        return new IllegalStateException(
                "Keyset " + folder.resolve(file) + " is missing or unreadable.", cause);
    }

    static HeldKeys held(String file, KeysetHandle handle) {
        List<Long> ids =
                IntStream.range(0, handle.size())
                        .mapToObj(i -> Integer.toUnsignedLong(handle.getAt(i).getId()))
                        .toList();
        return new HeldKeys(
                file.substring(0, file.length() - ".json".length()),
                Integer.toUnsignedLong(handle.getPrimary().getId()),
                ids);
    }
}
