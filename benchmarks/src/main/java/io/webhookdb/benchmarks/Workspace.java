package io.webhookdb.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A temporary folder, removed at the end. */
record Workspace(Path directory) implements AutoCloseable {
    static Workspace create() throws IOException {
        return new Workspace(Files.createTempDirectory("webhookdb-benchmark"));
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
