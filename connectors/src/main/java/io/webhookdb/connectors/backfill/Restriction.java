package io.webhookdb.connectors.backfill;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.webhookdb.connectors.backfill.PageReader.Page;
import io.webhookdb.schemas.catalog.BackfillRange.Order;
import io.webhookdb.schemas.catalog.BackfillWindow;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.fetch.BackfillCriteria;
import io.webhookdb.schemas.row.VendorTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The times a listing is restricted to: asked of the vendor where it filters, else told from each
 * item. An item without a time is kept. Pure.
 *
 * @param window what the service can do
 * @param criteria what a person asked for
 */
record Restriction(BackfillWindow window, BackfillCriteria criteria) {

    /** Of a service; null if its listings are not restricted. */
    static Restriction of(ServiceDefinition service, BackfillCriteria criteria) {
        return criteria.since().isEmpty() && criteria.until().isEmpty()
                ? null
                : BackfillWindow.of(service)
                        .map(window -> new Restriction(window, criteria))
                        .orElse(null);
    }

    /** Adds what the vendor filters by. */
    void ask(Map<String, String> query) {
        ask(query, window.since(), criteria.since());
        ask(query, window.until(), criteria.until());
    }

    private void ask(Map<String, String> query, String parameter, Optional<Instant> time) {
        if (parameter != null && time.isPresent()) {
            query.put(parameter, VendorTime.text(window.parameterFormat(), time.get()));
        }
    }

    /** The page without items of other times; the last one if nothing after it can be of them. */
    Page of(Page page) {
        if (window.pointer() == null || page.items().isEmpty()) {
            return page;
        }
        List<ObjectNode> kept = new ArrayList<>(page.items().size());
        for (ObjectNode item : page.items()) {
            if (!isTooEarly(item) && !isTooLate(item)) {
                kept.add(item);
            }
        }
        boolean over =
                window.order() == Order.NEWEST_FIRST
                        && isTooEarly(page.items().get(page.items().size() - 1));
        return new Page(kept, over ? null : page.next(), page.pages());
    }

    private boolean isTooEarly(ObjectNode item) {
        return criteria.since().isPresent()
                && time(item).map(time -> time.isBefore(criteria.since().get())).orElse(false);
    }

    private boolean isTooLate(ObjectNode item) {
        return criteria.until().isPresent()
                && time(item).map(time -> !time.isBefore(criteria.until().get())).orElse(false);
    }

    private Optional<Instant> time(ObjectNode item) {
        return VendorTime.parse(window.pointerFormat(), Json.scalar(item.at(window.pointer())));
    }
}
