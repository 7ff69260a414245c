package io.webhookdb.standalone;

import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Starts the system for a command, and stops it on request, on SIGTERM and on Ctrl-C, once. */
final class Lifecycle {
    /** SIGTERM must end the process within 60 s, whatever hangs. */
    private static final Duration LONGEST_STOP = Duration.ofSeconds(55);

    private final PrintStream out;
    private final CountDownLatch stopRequested = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile WholeSystem system;

    Lifecycle(PrintStream out) {
        this.out = out;
    }

    ReadyFile start(StandaloneOptions options, Consumer<String> codePrinter) {
        long started = System.nanoTime();
        out.println("Starting WebhookDB in " + options.data.toAbsolutePath().normalize());
        DataDirectory.check(options.data);
        System.setProperty(
                "webhookdb.log.file",
                options.data.toAbsolutePath().resolve("webhookdb.log").toString());
        // Only now, as its loggers read the property above.
        system = new WholeSystem(codePrinter);
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "stop"));
        ReadyFile ready = system.start(options);
        out.printf(
                "Ready in %.1f s%n  API      %s%n  Webhooks %s%n  Flink    %s%n",
                (System.nanoTime() - started) / 1e9,
                ready.apiUrl(),
                ready.ingestUrl(),
                ready.flinkUrl());
        return ready;
    }

    void awaitStop() throws InterruptedException {
        stopRequested.await();
        stopped.await(LONGEST_STOP.toSeconds(), TimeUnit.SECONDS);
    }

    /** Returns when everything has stopped or the time for it is over. */
    void stop() {
        boolean first;
        synchronized (this) {
            first = stopRequested.getCount() > 0;
            stopRequested.countDown();
        }
        if (!first) {
            awaitStopped();
            return;
        }
        Thread worker = new Thread(this::closeSystem, "stop-worker");
        worker.setDaemon(true);
        worker.start();
        awaitStopped();
    }

    private void closeSystem() {
        out.println("Stopping.");
        WholeSystem running = system;
        if (running != null) {
            running.close();
        }
        stopped.countDown();
    }

    private void awaitStopped() {
        try {
            if (!stopped.await(LONGEST_STOP.toSeconds(), TimeUnit.SECONDS)) {
                out.println("Not everything stopped in time; what remains ends with the process.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
