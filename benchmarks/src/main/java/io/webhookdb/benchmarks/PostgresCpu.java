package io.webhookdb.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Processor time of a whole Postgres server, sessions that have ended included. On a machine that
 * others use, too, it tells more than any clock. Linux only; elsewhere it stays 0.
 */
final class PostgresCpu {
    private static final long NANOS_PER_TICK = 10_000_000;

    private final long postmaster;

    /**
     * @param directory somewhere above the server's data directory
     */
    PostgresCpu(Path directory) throws IOException {
        try (Stream<Path> files = Files.find(directory, 4, (file, a) -> file.endsWith("postmaster.pid"))) {
            Optional<Path> file = files.findFirst();
            postmaster = file.isEmpty() ? 0 : Long.parseLong(Files.readAllLines(file.get()).get(0));
        }
    }

    /** Nanoseconds so far, in steps of 10 ms. */
    long nanos() throws IOException {
        if (postmaster == 0 || !Files.isDirectory(Path.of("/proc/self"))) {
            return 0;
        }
        // Of the postmaster also what its ended children took.
        long ticks = ticks(postmaster, 4);
        List<Long> children =
                ProcessHandle.of(postmaster).stream()
                        .flatMap(ProcessHandle::children)
                        .map(ProcessHandle::pid)
                        .toList();
        for (long child : children) {
            ticks += ticks(child, 2);
        }
        return ticks * NANOS_PER_TICK;
    }

    /** Fields 14 to 17 of proc_pid_stat(5): user, system, and both of waited-for children. */
    private static long ticks(long pid, int fields) throws IOException {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            String[] values = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            long ticks = 0;
            for (int i = 11; i < 11 + fields; i++) {
                ticks += Long.parseLong(values[i]);
            }
            return ticks;
        } catch (NoSuchFileException e) {
            return 0;
        }
    }
}
