package io.webhookdb.jobs;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/**
 * The savepoint of each job that a release keeps in {@code src/test/resources/savepoints/RELEASE},
 * in the canonical form, which every state backend reads. A test of the normal build restores it.
 *
 * <p>Made anew, once for a release and only then, by running the same test with {@code
 * -Dwebhookdb.savepoint.make=true}; earlier releases' folders stay as they are.
 */
public final class KeptSavepoint {
    /** The release whose state this build must be able to read. */
    public static final String RELEASE = "0.1";

    private static final Path RESOURCES = Path.of("src/test/resources/savepoints");

    private final Path folder;

    private KeptSavepoint(Path folder) {
        this.folder = folder;
    }

    /** Of a job. */
    public static KeptSavepoint of(String job) {
        return new KeptSavepoint(RESOURCES.resolve(RELEASE).resolve(job));
    }

    /** Whether it is to be made anew. */
    public static boolean isToBeMade() {
        return Boolean.getBoolean("webhookdb.savepoint.make");
    }

    /** Where a job restores it from. */
    public String uri() {
        return folder.toAbsolutePath().toUri().toString();
    }

    /** A file that is kept beside it. */
    public byte[] read(String name) throws IOException {
        return Files.readAllBytes(folder.resolve(name));
    }

    /** Keeps a file beside it. */
    public void write(String name, byte[] content) throws IOException {
        Files.createDirectories(folder);
        Files.write(folder.resolve(name), content);
    }

    /** Keeps the savepoint that Flink has written to that address. */
    public void keep(String savepoint) throws IOException {
        Files.createDirectories(folder);
        keepAll(Path.of(URI.create(savepoint)), "");
    }

    /** Keeps every file of a folder beside it, under its name behind a prefix. */
    public void keepAll(Path from, String prefix) throws IOException {
        for (Path file : list(from)) {
            write(prefix + file.getFileName(), Files.readAllBytes(file));
        }
    }

    /** Gives back what {@link #keepAll} kept, readable by its owner only. */
    public void copyTo(Path to, String prefix) throws IOException {
        Files.createDirectories(
                to,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        for (Path file : list(folder)) {
            String name = file.getFileName().toString();
            if (name.startsWith(prefix)) {
                Path copy = Files.copy(file, to.resolve(name.substring(prefix.length())));
                Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-------"));
            }
        }
    }

    private static List<Path> list(Path of) throws IOException {
        try (Stream<Path> entries = Files.list(of)) {
            return entries.filter(Files::isRegularFile).toList();
        }
    }
}
