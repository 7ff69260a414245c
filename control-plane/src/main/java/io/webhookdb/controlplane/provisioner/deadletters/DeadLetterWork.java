package io.webhookdb.controlplane.provisioner.deadletters;

import io.webhookdb.controlplane.events.EventSender;
import io.webhookdb.controlplane.events.StoredEvents;
import io.webhookdb.controlplane.events.StoredEvents.Place;
import io.webhookdb.controlplane.provisioner.periodic.PeriodicTask;
import io.webhookdb.schemas.event.Event;
import io.webhookdb.security.kafka.KafkaAccess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Does what people ask of dead letters: fetches what is to be shown, and sends again what is to be
 * tried again. An event sent twice by a crash in between changes nothing: it keeps its id.
 */
public final class DeadLetterWork {
    private static final Duration PERIOD = Duration.ofMillis(250);
    private static final int AT_ONCE = 100;

    private final KafkaAccess kafka;
    private final Jdbi jdbi;

    private DeadLetterWork(KafkaAccess kafka, Jdbi jdbi) {
        this.kafka = kafka;
        this.jdbi = jdbi;
    }

    /** The task. */
    public static PeriodicTask task(KafkaAccess kafka, Jdbi jdbi) {
        return new PeriodicTask("dead-letter-work", PERIOD, new DeadLetterWork(kafka, jdbi)::work);
    }

    private record Wanted(UUID id, Place place, String integration) {}

    private record Letter(long id, Place place) {}

    private void work() {
        List<Wanted> wanted = wanted();
        List<Letter> retrying = retrying();
        if (wanted.isEmpty() && retrying.isEmpty()) {
            return;
        }
        try (StoredEvents events = new StoredEvents(kafka)) {
            wanted.forEach(one -> show(events, one));
            retry(events, retrying);
        }
    }

    private List<Wanted> wanted() {
        return jdbi.withHandle(
                handle -> {
                    handle.execute(
                            "DELETE FROM stored_request_views WHERE requested_at < now() - interval"
                                    + " '1 minute'");
                    return handle.createQuery(
                                    "SELECT * FROM stored_request_views WHERE fetched_at IS NULL"
                                            + " ORDER BY requested_at LIMIT 20")
                            .map(
                                    (row, context) ->
                                            new Wanted(
                                                    row.getObject("id", UUID.class),
                                                    new Place(
                                                            row.getString("topic"),
                                                            row.getInt("partition"),
                                                            row.getLong("record_offset")),
                                                    row.getString("integration")))
                            .list();
                });
    }

    /** Only to the integration it was sent to, whatever the place says. */
    private void show(StoredEvents events, Wanted wanted) {
        String view =
                events.read(wanted.place())
                        .filter(event -> event.integration().equals(wanted.integration()))
                        .map(RequestViews::of)
                        .orElse(null);
        jdbi.useHandle(
                handle ->
                        handle.execute(
                                "UPDATE stored_request_views SET fetched_at = now(), view = ? WHERE"
                                        + " id = ?",
                                view,
                                wanted.id()));
    }

    private List<Letter> retrying() {
        return jdbi.withHandle(
                handle ->
                        handle.createQuery(
                                        "SELECT * FROM dead_letters WHERE state = 'retrying' ORDER"
                                                + " BY id LIMIT "
                                                + AT_ONCE)
                                .map(
                                        (row, context) ->
                                                new Letter(
                                                        row.getLong("id"),
                                                        new Place(
                                                                row.getString("topic"),
                                                                row.getInt("partition"),
                                                                row.getLong("record_offset"))))
                                .list());
    }

    private void retry(StoredEvents events, List<Letter> letters) {
        if (letters.isEmpty()) {
            return;
        }
        List<Letter> sent = new ArrayList<>();
        List<Letter> gone = new ArrayList<>();
        try (EventSender sender = new EventSender(kafka)) {
            for (Letter letter : letters) {
                Optional<Event> event = events.read(letter.place());
                event.ifPresent(found -> sender.send(found.repeated(found.verification())));
                (event.isPresent() ? sent : gone).add(letter);
            }
            sender.flush();
        }
        // One that died again meanwhile lies elsewhere and is not touched.
        jdbi.useTransaction(
                handle -> {
                    sent.forEach(letter -> settle(handle, letter, "retried"));
                    gone.forEach(letter -> settle(handle, letter, "gone"));
                });
    }

    private static void settle(Handle handle, Letter letter, String state) {
        handle.execute(
                "UPDATE dead_letters SET state = ? WHERE id = ? AND state = 'retrying' AND"
                        + " record_offset = ? AND partition = ?",
                state,
                letter.id(),
                letter.place().offset(),
                letter.place().partition());
    }
}
