package io.webhookdb.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Starts and stops the server processes of one data directory, whoever started them. */
record Postmaster(PostgresTools tools, PostgresDirectory files) {
    /** Recovery from the write-ahead log after a crash counts too. */
    private static final Duration START_LIMIT = Duration.ofMinutes(3);

    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);
    private static final Duration END_LIMIT = Duration.ofSeconds(2);

    /** Expects a stopped server; returns when it accepts connections. */
    void start(int port) {
        try {
            // No process works on the data, so the file names a number that may by now be another
            // program's, and Postgres would not start for that.
            Files.deleteIfExists(files.data().resolve("postmaster.pid"));
            if (Files.exists(files.log())) {
                Files.move(
                        files.log(),
                        files.root().resolve("server.log.old"),
                        StandardCopyOption.REPLACE_EXISTING);
            }
            tools.run(
                    files.commandOutput(),
                    START_LIMIT.plusSeconds(10),
                    "pg_ctl",
                    List.of(
                            "start",
                            "--wait",
                            "--timeout=" + START_LIMIT.toSeconds(),
                            "--pgdata=" + files.data(),
                            "--log=" + files.log(),
                            "--options=-p " + port));
        } catch (IllegalStateException e) {
            stop();
            throw new IllegalStateException(
                    "Postgres did not start on port %d; its log says: %s".formatted(port, log()),
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the postmaster lives; without it, others may be left that take no connections. */
    boolean isRunning() {
        Path pidFile = files.data().resolve("postmaster.pid");
        try {
            List<String> lines = Files.readAllLines(pidFile);
            return processes().stream()
                    .map(process -> Long.toString(process.pid()))
                    .anyMatch(pid -> !lines.isEmpty() && lines.get(0).strip().equals(pid));
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns when no process works on the data any more. */
    void stop() {
        if (processes().isEmpty()) {
            return;
        }
        try {
            tools.run(
                    files.commandOutput(),
                    STOP_LIMIT.plusSeconds(1),
                    "pg_ctl",
                    List.of(
                            "stop",
                            "--wait",
                            "--mode=fast",
                            "--timeout=" + STOP_LIMIT.toSeconds(),
                            "--pgdata=" + files.data()));
            awaitEnd();
        } catch (IllegalStateException e) {
            // Too slow, or the postmaster died and left others behind: what was committed is in
            // the write-ahead log.
            kill();
        }
    }

    /** Returns when no process works on the data any more. */
    void kill() {
        processes().forEach(ProcessHandle::destroyForcibly);
        awaitEnd();
    }

    /**
     * Looks again and again instead of waiting for {@link ProcessHandle#onExit()}: when a server
     * has lost its parent, nobody may be there to reap it.
     */
    private void awaitEnd() {
        long deadline = System.nanoTime() + END_LIMIT.toNanos();
        for (List<ProcessHandle> left = processes(); !left.isEmpty(); left = processes()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "Postgres processes on %s did not end within %s: %s"
                                .formatted(files.data(), END_LIMIT, left));
            }
            try {
                TimeUnit.MILLISECONDS.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Interrupted while Postgres was stopping", e);
            }
        }
    }

    /** Every Postgres process has the data directory as its working directory. */
    private List<ProcessHandle> processes() {
        return ProcessHandle.allProcesses().filter(this::worksOnData).toList();
    }

    private boolean worksOnData(ProcessHandle process) {
        boolean postgres =
                process.info()
                        .command()
                        .map(command -> Path.of(command).getFileName().toString())
                        .filter(name -> name.startsWith("postgres"))
                        .isPresent();
        if (!postgres) {
            return false;
        }
        try {
            Path directory =
                    Files.readSymbolicLink(Path.of("/proc", Long.toString(process.pid()), "cwd"));
            return directory.equals(files.data().toRealPath());
        } catch (IOException e) {
            // It ended meanwhile, or it is another user's.
            return false;
        }
    }

    private String log() {
        try {
            return Files.readString(files.log()).strip();
        } catch (IOException e) {
            return "(nothing: " + e.getMessage() + ")";
        }
    }
}
