package io.webhookdb.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The programs of an unpacked Postgres. */
record PostgresTools(Path home) {
    private static final String UNSHARE_HINT =
            " (Postgres does not run as root, so root needs user namespaces for it. Where there are"
                    + " none, run as another user.)";

    /** A kept server has binaries of its own, because temporary directories get swept. */
    static PostgresTools unpackedFor(EmbeddedPostgresServer.Settings settings) throws IOException {
        Path parent =
                switch (settings.lifetime()) {
                    case KEPT -> settings.directory().resolve("binaries");
                    case TEMPORARY ->
                            Path.of(
                                    System.getProperty("java.io.tmpdir"),
                                    "webhookdb-binaries-" + System.getProperty("user.name"));
                };
        PrivateFiles.createDirectory(parent);
        PrivateFiles.requireOwn(parent);
        return new PostgresTools(PostgresBinaries.unpackInto(parent));
    }

    /**
     * Runs a program to its end.
     *
     * @param output file that takes what the program prints; its text is part of the error
     * @throws IllegalStateException if the program fails or exceeds the limit, upon which it is
     *     killed
     */
    void run(Path output, Duration limit, String tool, List<String> arguments) {
        List<String> command = new ArrayList<>();
        if (isRoot()) {
            // Postgres refuses to run as root. In a user namespace without mappings it is nobody,
            // while files stay root's on the outside.
            command.addAll(List.of("unshare", "--user"));
        }
        command.add(home.resolve("bin").resolve(tool).toString());
        command.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(home.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
        // Neither PGDATA and the like nor secrets of this process belong in the server.
        builder.environment().keySet().retainAll(Set.of("PATH"));
        builder.environment().put("LC_ALL", "C");
        try {
            String failure = failure(builder.start(), limit);
            if (!failure.isEmpty()) {
                String printed = Files.readString(output).strip();
                throw new IllegalStateException(
                        "%s %s: %s%s"
                                .formatted(
                                        String.join(" ", command),
                                        failure,
                                        printed,
                                        printed.startsWith("unshare:") ? UNSHARE_HINT : ""));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Could not run " + String.join(" ", command), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while " + tool + " was running", e);
        }
    }

    private static String failure(Process process, Duration limit)
            throws IOException, InterruptedException {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                return "did not end within " + limit;
            }
            return process.exitValue() == 0 ? "" : "failed with status " + process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    private static boolean isRoot() {
        try {
            return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
