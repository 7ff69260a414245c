package io.webhookdb.controlplane.environment;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A process that runs one part until it is told to stop. */
public final class PartProcess {
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private PartProcess() {}

    /** Something that starts a part. */
    public interface Part {
        /** Starts; the environment is the process's own. */
        AutoCloseable start(Environment environment);
    }

    /**
     * Starts a part and returns when the process has been told to stop and the part has. While what
     * the part needs does not answer it waits, a line on standard error for each attempt: a
     * supervisor would only start it again, later each time. A part that cannot start for another
     * reason ends the process with status 2 and one line that says why.
     */
    public static void run(String name, Part part) throws InterruptedException {
        AutoCloseable running;
        try {
            running = started(name, part, new Environment(System.getenv()));
        } catch (RuntimeException e) {
            System.err.println(name + " does not start: " + inOneLine(e.getMessage()));
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

    /** The part, once what it needs is there. */
    static AutoCloseable started(String name, Part part, Environment environment)
            throws InterruptedException {
        while (true) {
            try {
                return part.start(environment);
            } catch (RuntimeException e) {
                if (StartFailure.of(e) != StartFailure.AWAY) {
                    throw e;
                }
                System.err.println(
                        name
                                + " waits: "
                                + inOneLine(e.getMessage())
                                + " Trying again in "
                                + PAUSE.toSeconds()
                                + " s.");
                TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
            }
        }
    }

    /** Flyway's messages have many. */
    private static String inOneLine(String message) {
        return String.valueOf(message).strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
