package io.webhookdb.ingest;

import io.webhookdb.ingest.spool.Spool;
import io.webhookdb.schemas.Topics;
import io.webhookdb.schemas.event.Event;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Brings the spool's events to Kafka, oldest first, a batch at a time: a batch of which one event
 * was not taken is sent again whole, so that the order stays. As fast as Kafka takes them.
 */
final class SpoolDrain implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SpoolDrain.class);
    private static final int BATCH_RECORDS = 2_000;
    private static final long BATCH_BYTES = 4 << 20;
    private static final long IDLE_MILLIS = 100;
    private static final long RETRY_MILLIS = 200;

    private final Spool spool;
    private final Runnable onEmpty;
    private final IngestSettings settings;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "ingest-spool-drain");
    private boolean failing;

    SpoolDrain(Spool spool, IngestSettings settings, Runnable onEmpty) {
        this.spool = spool;
        this.settings = settings;
        this.onEmpty = onEmpty;
    }

    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try (Publisher publisher = Publisher.ofSpool(settings)) {
            while (stopped.getCount() > 0) {
                step(publisher);
            }
        } catch (InterruptedException e) {
            LOG.debug("Told to stop", e);
        }
    }

    private void step(Publisher publisher) throws InterruptedException {
        boolean done = false;
        try {
            List<Event> events = spool.next(BATCH_RECORDS, BATCH_BYTES, IDLE_MILLIS);
            if (events.isEmpty()) {
                onEmpty.run();
                done = true;
            } else {
                done = send(publisher, events);
            }
        } catch (UncheckedIOException e) {
            note(e);
        }
        if (!done) {
            stopped.await(RETRY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Whether Kafka has all of them. */
    private boolean send(Publisher publisher, List<Event> events) {
        List<CompletableFuture<PublishResult>> results = new ArrayList<>(events.size());
        for (Event event : events) {
            CompletableFuture<PublishResult> result = new CompletableFuture<>();
            results.add(result);
            publisher.publish(Topics.EVENTS, event, result::complete);
            if (result.isDone() && isWorthAnotherTry(result.join())) {
                break;
            }
        }
        // Nothing to interrupt: the producer's own timeout ends each.
        CompletableFuture.allOf(results.toArray(CompletableFuture[]::new)).join();
        if (results.stream().anyMatch(result -> isWorthAnotherTry(result.join()))) {
            return false;
        }
        for (int i = 0; i < events.size(); i++) {
            if (results.get(i).join() == PublishResult.POISON) {
                refuse(events.get(i));
            }
        }
        spool.drained(events.size());
        failing = false;
        return true;
    }

    private void refuse(Event event) {
        MDC.put("integration", event.integration());
        MDC.put("event", event.id().toString());
        try {
            LOG.error("Event {} of the spool is kept apart: too large", event.id());
        } finally {
            MDC.remove("integration");
            MDC.remove("event");
        }
        spool.refuse(event);
    }

    private static boolean isWorthAnotherTry(PublishResult result) {
        return result == PublishResult.TRANSIENT || result == PublishResult.CONFIGURATION;
    }

    private void note(Exception error) {
        if (!failing) {
            failing = true;
            LOG.error("The spool cannot be drained; it is tried again and again", error);
        }
    }

    @Override
    public void close() {
        stopped.countDown();
        thread.interrupt();
        try {
            thread.join(settings.closeTimeout().toMillis() + RETRY_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
