package io.webhookdb.standalone;

import io.webhookdb.standalone.demo.Demo;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/**
 * {@code prime}: runs the demo once in a folder of its own and forgets it. The launcher does so
 * after a build, to leave an archive of the classes a start loads.
 */
@Command(name = "prime", hidden = true)
final class PrimeCommand implements Callable<Integer> {
    @Override
    public Integer call() throws IOException {
        Path folder = Files.createTempDirectory("webhookdb-prime");
        StandaloneOptions options = StandaloneOptions.isolated(folder);
        PrintStream nowhere =
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        try (WholeSystem system = new WholeSystem(code -> {})) {
            ReadyFile ready = system.start(options);
            new Demo(ready.apiUrl(), email -> DemoCommand.ANY_CODE, nowhere).run();
        } finally {
            delete(folder);
        }
        return 0;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(
                            file -> {
                                try {
                                    Files.deleteIfExists(file);
                                } catch (IOException e) {
                                    throw new UncheckedIOException(e);
                                }
                            });
        }
    }
}
