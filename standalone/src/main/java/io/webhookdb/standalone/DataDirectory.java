package io.webhookdb.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * The folder a standalone system lives in. Held by one process at a time, readable by its owner
 * only.
 */
final class DataDirectory implements AutoCloseable {
    private final Path root;
    private final FileChannel channel;

    private DataDirectory(Path root, FileChannel channel) {
        this.root = root;
        this.channel = channel;
    }

    /**
     * Takes the folder, creating it if missing.
     *
     * @throws IllegalStateException if another process has it
     */
    static DataDirectory open(Path folder) {
        try {
            Path root =
                    Files.createDirectories(
                                    folder,
                                    PosixFilePermissions.asFileAttribute(
                                            PosixFilePermissions.fromString("rwx------")))
                            .toRealPath();
            FileChannel channel =
                    FileChannel.open(
                            root.resolve("lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            if (!locked(channel)) {
                channel.close();
                throw new IllegalStateException(
                        "Data folder "
                                + root
                                + " is in use by another process; stop it, or name another with"
                                + " --data.");
            }
            DataDirectory directory = new DataDirectory(root, channel);
            Files.deleteIfExists(directory.readyFile());
            return directory;
        } catch (IOException e) {
            throw new IllegalStateException("Data folder " + folder + " cannot be used", e);
        }
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    Path postgres() {
        return root.resolve("postgres");
    }

    Path kafka() {
        return root.resolve("kafka");
    }

    Path flink() {
        return root.resolve("flink");
    }

    Path spool() {
        return root.resolve("spool");
    }

    Path keysets() {
        return root.resolve("keysets");
    }

    Path readyFile() {
        return root.resolve("ready.json");
    }

    Path root() {
        return root;
    }

    /** A random secret, the same at every start; mode 0600. */
    String secret(String name) {
        Path file = root.resolve(name);
        try {
            if (!Files.exists(file)) {
                byte[] random = new byte[24];
                new SecureRandom().nextBytes(random);
                writePrivately(file, HexFormat.of().formatHex(random));
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("Secret " + file + " cannot be kept", e);
        }
    }

    /**
     * Writes a file that only its owner can read; readers see the old or the new text, never half.
     */
    void writePrivately(Path file, String text) throws IOException {
        Path temporary =
                Files.createTempFile(
                        root,
                        file.getFileName().toString(),
                        ".new",
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")));
        Files.writeString(temporary, text);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Removes the ready file and gives the folder free. */
    @Override
    public void close() throws IOException {
        Files.deleteIfExists(readyFile());
        channel.close();
    }
}
