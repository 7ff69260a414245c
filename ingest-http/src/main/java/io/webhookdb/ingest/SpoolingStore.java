package io.webhookdb.ingest;

import io.webhookdb.ingest.spool.Spool;
import io.webhookdb.ingest.spool.SpoolResult;
import io.webhookdb.ingest.spool.SpoolSettings;
import io.webhookdb.schemas.Topics;
import io.webhookdb.schemas.event.Event;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives events to Kafka, and to the spool as soon as Kafka refuses one or takes too long for it;
 * from then on all go through the spool until it is drained, so that a sender's later event never
 * overtakes an earlier one. An event may reach Kafka both ways, under the same id.
 */
final class SpoolingStore implements EventStore, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SpoolingStore.class);

    private final Publisher publisher;
    private final Spool spool;
    private final SpoolDrain drain;
    private final long patienceNanos;
    private final Queue<Attempt> attempts = new ConcurrentLinkedQueue<>();

    /** Shared by those who spool, taken alone by the one who ends the spooling. */
    private final ReadWriteLock mode = new ReentrantReadWriteLock();

    private volatile boolean spooling;

    private SpoolingStore(Publisher publisher, Spool spool, IngestSettings settings, long nanos) {
        this.publisher = publisher;
        this.spool = spool;
        this.patienceNanos = nanos;
        this.spooling = !spool.isEmpty();
        this.drain = new SpoolDrain(spool, settings, this::endSpooling);
    }

    /** Opens the spool and begins to drain what an earlier run left in it. */
    static SpoolingStore start(
            Publisher publisher, SpoolSettings spoolSettings, IngestSettings settings) {
        SpoolingStore store =
                new SpoolingStore(
                        publisher,
                        Spool.open(spoolSettings),
                        settings,
                        spoolSettings.after().toNanos());
        store.drain.start();
        return store;
    }

    Spool spool() {
        return spool;
    }

    boolean isSpooling() {
        return spooling;
    }

    @Override
    public void store(Event event, Consumer<PublishResult> done) {
        if (!spooling || !spoolIfSpooling(event, done)) {
            Attempt attempt = new Attempt(event, done);
            attempts.add(attempt);
            publisher.publish(Topics.EVENTS, event, attempt::published);
        }
    }

    private boolean spoolIfSpooling(Event event, Consumer<PublishResult> done) {
        mode.readLock().lock();
        try {
            if (spooling) {
                append(event, done);
            }
            return spooling;
        } finally {
            mode.readLock().unlock();
        }
    }

    private void append(Event event, Consumer<PublishResult> done) {
        spool.append(event, result -> done.accept(told(result)));
    }

    private static PublishResult told(SpoolResult result) {
        return switch (result) {
            case KEPT -> PublishResult.STORED;
            case FULL -> PublishResult.SPOOL_FULL;
            case FAILED -> PublishResult.TRANSIENT;
        };
    }

    /** Spools what has waited for Kafka for too long. To be called often, by one thread. */
    void sweep() {
        Attempt first = attempts.peek();
        while (first != null && first.isOverOrLate()) {
            attempts.remove();
            first.spool("too slow");
            first = attempts.peek();
        }
    }

    /** Told by the drain when it finds nothing; new events may come while it is told. */
    private void endSpooling() {
        if (!spooling) {
            return;
        }
        mode.writeLock().lock();
        try {
            if (spool.isEmpty()) {
                spooling = false;
                LOG.info("The spool is drained; events go to Kafka at once again");
            }
        } finally {
            mode.writeLock().unlock();
        }
    }

    /** One event on its way to Kafka, until Kafka or the spool has it. */
    private final class Attempt {
        private final long startNanos = System.nanoTime();
        private final Consumer<PublishResult> done;
        private final AtomicReference<Event> event;

        Attempt(Event event, Consumer<PublishResult> done) {
            this.event = new AtomicReference<>(event);
            this.done = done;
        }

        boolean isOverOrLate() {
            return event.get() == null
                    || spooling
                    || System.nanoTime() - startNanos > patienceNanos;
        }

        void published(PublishResult result) {
            switch (result) {
                case TRANSIENT, CONFIGURATION -> spool(result.name());
                case STORED, POISON, SPOOL_FULL -> {
                    if (event.getAndSet(null) != null) {
                        done.accept(result);
                    }
                }
            }
        }

        void spool(String why) {
            Event mine = event.getAndSet(null);
            if (mine == null) {
                return;
            }
            mode.readLock().lock();
            try {
                if (!spooling) {
                    spooling = true;
                    LOG.warn("Kafka did not take an event ({}); they go to the spool now", why);
                }
                append(mine, done);
            } finally {
                mode.readLock().unlock();
            }
        }
    }

    /** Lets go of the folder; what is in it is drained by the next start. */
    @Override
    public void close() {
        drain.close();
        spool.close();
    }
}
