package io.webhookdb.connectors.backfill;

import io.webhookdb.connectors.backfill.PageWork.Item;
import io.webhookdb.connectors.kafka.IncomingEvent;
import io.webhookdb.schemas.Topics;
import io.webhookdb.schemas.event.Event;
import io.webhookdb.schemas.event.EventIds;
import io.webhookdb.schemas.event.Origin;
import io.webhookdb.schemas.event.VersionFloor;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Makes events of items, and says when an organization has let out enough for a while. */
final class ItemOutput {
    private final int itemsPerSecond;
    private final EventIds ids = new EventIds();
    private final Map<Long, Long> letOutAt = new HashMap<>();

    /**
     * @param itemsPerSecond of one organization
     */
    ItemOutput(int itemsPerSecond) {
        this.itemsPerSecond = itemsPerSecond;
    }

    /** Milliseconds since the epoch from which the organization may let out more. */
    long mayLetOutAt(long organization) {
        return letOutAt.getOrDefault(organization, 0L);
    }

    /**
     * Lets items out.
     *
     * @param startedAt when the request that brought them began, by the vendor's clock
     * @param now milliseconds since the epoch
     */
    void emit(
            OrderState order,
            List<Item> items,
            Instant startedAt,
            long now,
            Consumer<IncomingEvent> output) {
        Map<String, String> mark = order.mark();
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, startedAt);
        for (Item item : items) {
            Event event =
                    new Event(
                            ids.next(),
                            item.integration(),
                            item.revision(),
                            micros,
                            Origin.BACKFILL,
                            "GET",
                            "",
                            "",
                            "application/json",
                            headers(mark, item),
                            "none",
                            item.body());
            output.accept(new IncomingEvent(event, Topics.BACKFILL_EVENTS, -1, -1, null));
        }
        long takes = items.size() * 1000L / itemsPerSecond;
        letOutAt.merge(
                order.organization, now + takes, (before, after) -> Math.max(before, now) + takes);
    }

    private static Map<String, String> headers(Map<String, String> mark, Item item) {
        if (item.floorMicros() == null) {
            return mark;
        }
        Map<String, String> headers = new HashMap<>(mark);
        headers.putAll(VersionFloor.header(item.floorMicros()));
        return headers;
    }
}
