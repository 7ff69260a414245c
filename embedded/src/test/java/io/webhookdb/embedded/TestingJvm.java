package io.webhookdb.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM of its own that runs a class of the tests until it prints "ready". */
final class TestingJvm implements AutoCloseable {
    private final Process process;

    private TestingJvm(Process process) {
        this.process = process;
    }

    static TestingJvm startUntilReady(Class<?> main, String... arguments) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx512m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                main.getName()));
        command.addAll(List.of(arguments));
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            if (process.inputReader().lines().noneMatch("ready"::equals)) {
                process.destroyForcibly();
                throw new IllegalStateException(main.getName() + " ended before it was ready");
            }
            return new TestingJvm(process);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** kill -9; returns when the JVM is gone. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            throw new IllegalStateException("Process " + process.pid() + " outlived kill -9");
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
