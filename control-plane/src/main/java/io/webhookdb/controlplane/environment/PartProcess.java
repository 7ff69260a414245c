package io.webhookdb.controlplane.environment;

import java.util.concurrent.CountDownLatch;

/** A process that runs one part until it is told to stop. */
public final class PartProcess {
    private PartProcess() {}

    /** Something that starts a part. */
    public interface Part {
        /** Starts; the environment is the process's own. */
        AutoCloseable start(Environment environment);
    }

    /**
     * Starts a part and returns when the process has been told to stop and the part has. A part
     * that does not start ends the process with status 2 and one line that says why.
     */
    public static void run(String name, Part part) throws InterruptedException {
        AutoCloseable running;
        try {
            running = part.start(new Environment(System.getenv()));
        } catch (RuntimeException e) {
            System.err.println(name + " does not start: " + e.getMessage());
            System.exit(2);
            return;
        }
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    try {
                                        running.close();
                                    } catch (Exception e) {
                                        System.err.println(
                                                name + " did not stop cleanly: " + e.getMessage());
                                    } finally {
                                        stopped.countDown();
                                    }
                                },
                                name + "-shutdown"));
        stopped.await();
    }
}
