package io.webhookdb.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** {@code up} as a process of its own, and operators' commands beside it. */
final class TestingProcess implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofMinutes(3);
    private static final String[] PORTS = {"api", "ingest", "flink", "postgres", "kafka"};

    private final Path folder;
    private final List<String> flags = new ArrayList<>();
    private Process process;

    TestingProcess(Path folder) {
        this.folder = folder;
        List<ServerSocket> taken = new ArrayList<>();
        try {
            for (String part : PORTS) {
                ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                taken.add(socket);
                flags.add("--" + part + "-port");
                flags.add(Integer.toString(socket.getLocalPort()));
            }
            for (ServerSocket socket : taken) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path data() {
        return folder.resolve("data");
    }

    /** Starts the system, or starts it again; returns the ready file. */
    JsonNode up() throws IOException {
        Path ready = data().resolve("ready.json");
        Files.deleteIfExists(ready);
        List<String> words = new ArrayList<>(List.of("up", "--skip-authentication"));
        words.addAll(flags);
        process = run(words, "up.log");
        await().atMost(START_LIMIT)
                .until(
                        () -> {
                            assertThat(process.isAlive()).as(() -> log("up.log")).isTrue();
                            return Files.exists(ready);
                        });
        return new JsonMapper().readTree(Files.readAllBytes(ready));
    }

    /** Starts a rotation's command. */
    Process rotate(String log) throws IOException {
        return run(List.of("admin", "rotate-keys"), log);
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    String log(String name) {
        try {
            return Files.readString(folder.resolve(name));
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Override
    public void close() throws InterruptedException {
        if (process != null && process.isAlive()) {
            process.destroy();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("stops within 60 s").isTrue();
        }
    }

    private Process run(List<String> words, String log) throws IOException {
        List<String> line =
                Stream.concat(
                                Stream.of(
                                        Path.of(System.getProperty("java.home"), "bin", "java")
                                                .toString(),
                                        "-Xmx1g",
                                        "-cp",
                                        System.getProperty("java.class.path"),
                                        "io.webhookdb.standalone.Main"),
                                words.stream())
                        .collect(java.util.stream.Collectors.toCollection(ArrayList::new));
        line.add("--data");
        line.add(data().toString());
        return new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve(log).toFile()))
                .start();
    }
}
