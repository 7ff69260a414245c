package io.webhookdb.standalone.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A part of the system as a process that is killed and started again as it was. */
final class ChaosPart implements AutoCloseable {
    private final String name;
    private final Path log;
    private final List<String> line;
    private final Map<String, String> variables;
    private Process process;

    ChaosPart(
            String name,
            Path folder,
            Class<?> main,
            Map<String, String> variables,
            Object... words) {
        this.name = name;
        this.log = folder.resolve(name + ".log");
        this.variables = variables;
        this.line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(List.of("-Xmx768m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        line.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        for (Object word : words) {
            line.add(word.toString());
        }
    }

    String name() {
        return name;
    }

    Path log() {
        return log;
    }

    void start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(line);
        builder.environment().putAll(variables);
        process =
                builder.redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start();
    }

    /** As kill -9. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** One that ended by itself is started again, as a supervisor would. */
    void ensureRunning() throws IOException {
        if (!process.isAlive()) {
            start();
        }
    }

    @Override
    public void close() {
        if (process == null) {
            return;
        }
        process.destroy();
        try {
            if (!process.waitFor(15, TimeUnit.SECONDS)) {
                kill();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
