package io.webhookdb.ingest;

import java.io.UncheckedIOException;

/** Runs ingest as a process of its own, until it is told to stop. */
public final class IngestMain {
    private IngestMain() {}

    /**
     * Reads the environment (see {@code IngestEnvironment} for the variables), serves, and finishes
     * what it has begun on SIGTERM. With settings it cannot use it ends with status 2 and says why.
     */
    public static void main(String[] arguments) {
        IngestSettings settings;
        try {
            settings = IngestEnvironment.settings(System.getenv());
        } catch (IllegalArgumentException | IllegalStateException e) {
            System.err.println("ingest does not start: " + e.getMessage());
            System.exit(2);
            return;
        }
        try {
            IngestServer server = IngestServer.start(settings);
            Runtime.getRuntime().addShutdownHook(new Thread(server::close, "ingest-shutdown"));
        } catch (UncheckedIOException e) {
            System.err.println("ingest does not start: " + e.getMessage());
            System.exit(2);
        }
    }
}
