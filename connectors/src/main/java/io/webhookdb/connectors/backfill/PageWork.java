package io.webhookdb.connectors.backfill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.webhookdb.connectors.backfill.Listing.Brought;
import io.webhookdb.schemas.catalog.Backfill;
import io.webhookdb.schemas.catalog.RemoteKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is done with a page besides reading it, away from the task thread: items become bytes,
 * resources that lie within them become items of their own integrations, and rows that later
 * listings need are picked out.
 *
 * @param derived integrations whose items lie in these
 * @param children runs after this one that are fanned out over these
 * @param keys how the remote key is read, where keys have to be remembered; else null
 */
record PageWork(
        String integration,
        long revision,
        List<Derived> derived,
        List<Child> children,
        RemoteKey keys,
        RemoteKey ownKey) {

    /** An integration whose items are at that pointer in the items of another. */
    record Derived(String integration, long revision, String pointer) {}

    /** A later run over the rows that these items become. */
    record Child(String run, Backfill backfill) {}

    /**
     * An item, ready to go.
     *
     * @param floorMicros least version time it is to have; null: what it says itself
     */
    record Item(String integration, long revision, byte[] body, Long floorMicros) {
        Item(String integration, long revision, byte[] body) {
            this(integration, revision, body, null);
        }

        /** The same with a least version time; null: as it is. */
        Item from(Long micros) {
            return micros == null ? this : new Item(integration, revision, body, micros);
        }
    }

    /** A row for a later run. */
    record Listed(String run, ParentRow parent) {}

    /** A page, ready to be let out at once. */
    record Ready(
            int count,
            List<Item> items,
            List<Listed> listed,
            List<String> keys,
            Position after,
            Instant startedAt,
            long pages) {}

    /**
     * A page that is whole.
     *
     * @param parent the row it was listed for; null without fan-out
     */
    Ready ready(Brought brought, ParentRow parent) {
        List<Item> items = new ArrayList<>(brought.items().size());
        List<Listed> listed = new ArrayList<>();
        List<String> seen = new ArrayList<>();
        for (ObjectNode item : brought.items()) {
            add(item, parent, items, listed);
            if (keys != null) {
                Parents.key(keys, item).ifPresent(seen::add);
            }
        }
        return new Ready(
                brought.items().size(),
                items,
                listed,
                seen,
                brought.after(),
                brought.startedAt(),
                brought.pages());
    }

    private void add(ObjectNode item, ParentRow parent, List<Item> items, List<Listed> listed) {
        items.add(new Item(integration, revision, Json.bytes(item)));
        for (Derived one : derived) {
            JsonNode within = item.at(one.pointer());
            if (within.isObject()) {
                items.add(new Item(one.integration(), one.revision(), Json.bytes(within)));
            }
        }
        for (Child child : children) {
            Optional<ParentRow> later =
                    Parents.key(ownKey, item)
                            .flatMap(key -> Parents.of(child.backfill(), key, item));
            // What a row brings has the same owner.
            String token = parent == null || !parent.hasToken() ? null : parent.token();
            later.ifPresent(row -> listed.add(new Listed(child.run(), row.withToken(token))));
        }
    }
}
