package io.webhookdb.ingest;

/** Runs ingest as a process of its own, until it is told to stop. */
public final class IngestMain {
    private IngestMain() {}

    /**
     * Reads the environment (see {@code IngestEnvironment} for the variables), serves, and finishes
     * what it has begun on SIGTERM.
     */
    public static void main(String[] arguments) {
        IngestServer server = IngestServer.start(IngestEnvironment.settings(System.getenv()));
        Runtime.getRuntime().addShutdownHook(new Thread(server::close, "ingest-shutdown"));
    }
}
