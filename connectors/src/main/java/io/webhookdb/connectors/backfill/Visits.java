package io.webhookdb.connectors.backfill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.webhookdb.connectors.backfill.BackfillDirectory.Known;
import io.webhookdb.connectors.backfill.PageWork.Item;
import io.webhookdb.connectors.backfill.PageWork.Ready;
import io.webhookdb.connectors.backfill.TableRows.Row;
import io.webhookdb.connectors.backfill.TableRows.Table;
import io.webhookdb.schemas.catalog.Backfill;
import io.webhookdb.schemas.catalog.BackfillItems;
import io.webhookdb.schemas.catalog.BackfillMissing;
import io.webhookdb.schemas.catalog.BackfillVisit;
import io.webhookdb.schemas.control.IntegrationControl;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What belongs to rows that are visited one by one: the request of each, what was there before and
 * is not any more, and what is noted in the row. Whatever a visit ends with, its row is told, so
 * that it is not due again at once.
 *
 * @param own the table of the items
 * @param place the integration of the rows visited
 * @param keyPointer where a row's key is in its data
 */
record Visits(
        Backfill backfill, TableRows rows, Table own, IntegrationControl place, String keyPointer) {
    /** Member of an item whose row was deleted. */
    static final String GONE = "_gone";

    /** After a failure that may pass by itself a row is due again so much later. */
    private static final Duration SOON = Duration.ofHours(1);

    /** Whether each row is visited at a time of its own. */
    static boolean are(Backfill backfill) {
        return backfill.fanOut() != null && backfill.fanOut().visit() != null;
    }

    /** What belongs to visits; null where there are none. */
    static Visits of(Known known, BackfillDirectory directory, TableRows rows) {
        Backfill backfill = known.backfill();
        if (!are(backfill)) {
            return null;
        }
        IntegrationControl place =
                directory.ancestor(known.integration(), backfill.fanOut().over()).orElse(null);
        return place == null || directory.service(place) == null
                ? null
                : new Visits(
                        backfill,
                        rows,
                        new Table(known.source(), known.integration(), known.service(), null),
                        place,
                        directory.service(place).key().pointer());
    }

    /** The URL of a feed as people write it: webcal is what calendars call https. */
    static String url(String text) {
        String url = text.strip().replaceFirst("^(?i)webcals?://", "https://");
        return url.replaceFirst("^(https://[^/?#]*):80(?=[/?#]|$)", "$1");
    }

    /** Headers by which an answer that is known already can be left out. */
    static Map<String, String> conditions(Backfill backfill, ParentRow parent) {
        if (parent == null || !are(backfill)) {
            return Map.of();
        }
        JsonNode before = parent.values().get("/" + backfill.fanOut().visit().context());
        String etag = before == null ? "" : before.path("etag").asText("");
        return etag.isEmpty() ? Map.of() : Map.of("If-None-Match", etag);
    }

    /** What a visit brought, with what it shows to be gone and its note. Blocks. */
    Ready visited(Ready ready, ParentRow parent, ApiAnswer answer) throws ApiException {
        List<Item> items = new ArrayList<>(ready.items());
        if (answer.status() == 304) {
            items.add(note(parent, answer.startedAt(), null, null, null));
        } else if (answer.status() / 100 != 2) {
            items.add(failed(parent, "The answer was " + answer.status() + ".", false));
        } else {
            items.addAll(gone(parent, ready));
            items.add(
                    note(
                            parent,
                            answer.startedAt(),
                            ready.count(),
                            answer,
                            context(answer).put("error", (String) null)));
        }
        return new Ready(
                ready.count(),
                items,
                ready.listed(),
                List.of(),
                ready.after(),
                ready.startedAt(),
                ready.pages());
    }

    /** The note of a visit that failed. */
    Item failed(ParentRow parent, String why, boolean mayPass) {
        Instant now = Instant.now();
        Instant at =
                mayPass
                        ? now.minusSeconds(visit().everySeconds())
                                .plusSeconds(Math.min(visit().everySeconds(), SOON.toSeconds()))
                        : now;
        return note(parent, at, null, null, Json.MAPPER.createObjectNode().put("error", why));
    }

    /** Deletes of the items of a row that was deleted itself. Blocks. */
    List<Item> deleted(String key) throws ApiException {
        List<Item> items = new ArrayList<>();
        for (Row row : rows.of(own, injected(), key)) {
            if (row.data() instanceof ObjectNode last) {
                items.add(ownItem(last.put(GONE, true)));
            }
        }
        return items;
    }

    private List<Item> gone(ParentRow parent, Ready ready) throws ApiException {
        BackfillMissing missing = backfill.missing();
        if (missing == null || ready.after() != null) {
            return List.of();
        }
        Set<String> seen = new HashSet<>(ready.keys());
        JsonNode mark =
                missing.object() == null
                        ? Json.MAPPER.getNodeFactory().booleanNode(true)
                        : Json.MAPPER.valueToTree(missing.object());
        List<Item> items = new ArrayList<>();
        for (Row row : rows.of(own, injected(), parent.key())) {
            if (!seen.contains(row.key())
                    && row.data() instanceof ObjectNode last
                    && !mark.equals(last.get(missing.member()))) {
                last.set(missing.member(), mark);
                items.add(ownItem(last));
            }
        }
        return items;
    }

    /** The column that says whose an item is: the first value that is written into each. */
    private String injected() {
        BackfillItems.Injection first = backfill.items().inject().get(0);
        return own.service().columns().stream()
                .filter(column -> column.pointer().equals("/" + first.member()))
                .findFirst()
                .orElseThrow()
                .name();
    }

    private Item note(
            ParentRow parent, Instant at, Integer items, ApiAnswer answer, ObjectNode context) {
        ObjectNode row = Json.MAPPER.createObjectNode();
        row.put(keyPointer.substring(1), parent.key());
        String base = backfill.base().parent();
        row.set(base.substring(1), parent.values().get(base));
        row.put(visit().at(), at.toString());
        if (items != null) {
            row.put(visit().items(), items);
            row.put(visit().bytes(), answer.body().length);
            row.put(
                    visit().milliseconds(),
                    Duration.between(answer.startedAt(), answer.endedAt()).toMillis());
        }
        JsonNode before = parent.values().get("/" + visit().context());
        row.set(visit().context(), context == null ? before : context);
        return new Item(place.id(), place.revision(), Json.bytes(row));
    }

    private static ObjectNode context(ApiAnswer answer) {
        ObjectNode context = Json.MAPPER.createObjectNode();
        context.put("etag", answer.header("etag"));
        context.put("content_type", answer.header("content-type"));
        context.put("content_length", answer.header("content-length"));
        context.put("hash", md5(answer.body()));
        return context;
    }

    /** Tells whether a feed changed; protects nothing. */
    private static String md5(byte[] body) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("MD5 is part of every Java platform", e);
        }
    }

    private Item ownItem(ObjectNode data) {
        return new Item(own.integration().id(), own.integration().revision(), Json.bytes(data));
    }

    private BackfillVisit visit() {
        return backfill.fanOut().visit();
    }
}
