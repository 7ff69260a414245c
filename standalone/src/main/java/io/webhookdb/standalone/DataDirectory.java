package io.webhookdb.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
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
    /** Postgres and Kafka write as much before the first event. */
    private static final long LEAST_BYTES = 256L << 20;

    private final Path root;
    private final FileChannel channel;

    private DataDirectory(Path root, FileChannel channel) {
        this.root = root;
        this.channel = channel;
    }

    /**
     * Takes the folder, creating it if missing.
     *
     * @throws IllegalStateException if another process has it, if it cannot be written to, or if
     *     its disk has less than {@value #LEAST_BYTES} bytes left
     */
    static DataDirectory open(Path folder) {
        try {
            Path root = created(folder);
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
            throw unusable(folder, e);
        }
    }

    /**
     * Refuses a folder that cannot be used, creating it if missing: what would be found out later,
     * but before anything writes there, a log included.
     *
     * @throws IllegalStateException with the reason
     */
    static void check(Path folder) {
        refuseCommas(folder.toAbsolutePath().normalize());
        try {
            Path root = created(folder);
            Files.deleteIfExists(Files.createTempFile(root, "check", ".new"));
            long free = Files.getFileStore(root).getUsableSpace();
            if (free < LEAST_BYTES) {
                throw new IllegalStateException(
                        "Data folder %s has %d MB left on its disk; at least %d MB are needed"
                                .formatted(root, free >> 20, LEAST_BYTES >> 20));
            }
        } catch (IOException e) {
            throw unusable(folder, e);
        }
    }

    /** Kafka and Flink read a path with one of them as several. */
    private static void refuseCommas(Path folder) {
        if (folder.toString().indexOf(',') >= 0) {
            throw new IllegalStateException(
                    "Data folder "
                            + folder
                            + " cannot be used: its path has a comma. Name another with"
                            + " --data or WEBHOOKDB_DATA.");
        }
    }

    private static IllegalStateException unusable(Path folder, IOException e) {
        String why =
                e instanceof FileAlreadyExistsException exists
                        ? exists.getFile() + " is there and is no folder"
                        : e instanceof AccessDeniedException denied
                                ? "no permission to write to " + denied.getFile()
                                : e instanceof NoSuchFileException missing
                                        ? missing.getFile() + " cannot be made"
                                        : e.getMessage();
        return new IllegalStateException(
                "Data folder "
                        + folder.toAbsolutePath().normalize()
                        + " cannot be used: "
                        + why
                        + ". Name another with --data or WEBHOOKDB_DATA.",
                e);
    }

    private static Path created(Path folder) throws IOException {
        return Files.createDirectories(
                        folder,
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rwx------")))
                .toRealPath();
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
