package io.webhookdb.controlplane.provisioner;

import io.webhookdb.controlplane.database.UpsertOutbox;
import io.webhookdb.schemas.Topics;
import io.webhookdb.schemas.event.Event;
import io.webhookdb.security.keyset.SecretOpener;
import io.webhookdb.security.keyset.SecretUnreadableException;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Puts on the event log what the api was given to upsert, in the lane of fetched objects: however
 * many there are, webhooks do not wait behind them. Off the outbox only when Kafka has them, so
 * that a crash repeats some under the same id, which changes nothing.
 */
final class UpsertPublisher {
    private static final Logger LOG = LoggerFactory.getLogger(UpsertPublisher.class);

    private final Jdbi jdbi;
    private final ControlPublisher publisher;
    private final SecretOpener opener;

    UpsertPublisher(Jdbi jdbi, ControlPublisher publisher, SecretOpener opener) {
        this.jdbi = jdbi;
        this.publisher = publisher;
        this.opener = opener;
    }

    void run() {
        List<Event> events = new ArrayList<>();
        for (UpsertOutbox.Waiting waiting :
                jdbi.withHandle(handle -> UpsertOutbox.oldest(handle, opener))) {
            try {
                events.add(waiting.event().get());
            } catch (SecretUnreadableException e) {
                MDC.put("integration", waiting.integration());
                try {
                    LOG.error(
                            "Upsert {} of integration {} cannot be opened and is set aside",
                            waiting.id(),
                            waiting.integration(),
                            e);
                } finally {
                    MDC.remove("integration");
                }
                jdbi.useHandle(handle -> UpsertOutbox.setAside(handle, waiting.id()));
            }
        }
        if (!events.isEmpty()) {
            publisher.publishEvents(Topics.BACKFILL_EVENTS, events);
            jdbi.useHandle(handle -> UpsertOutbox.remove(handle, events));
        }
    }
}
