package io.webhookdb.controlplane;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives tests one {@link TestingSystem}, started by the first and stopped after the last. */
public final class SharedControlPlane implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == TestingSystem.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.GLOBAL)
                .getOrComputeIfAbsent(SharedControlPlane.class, key -> new Running(), Running.class)
                .system;
    }

    /** Closed by JUnit when the last test has ended. */
    private static final class Running implements AutoCloseable {
        private final Path keysets;
        private final TestingSystem system;

        Running() {
            try {
                this.keysets = Files.createTempDirectory("webhookdb-keysets-");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            this.system = TestingSystem.start(keysets.resolve("keysets"));
        }

        @Override
        public void close() throws IOException {
            system.close();
            try (Stream<Path> files = Files.walk(keysets)) {
                files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
            }
        }
    }
}
