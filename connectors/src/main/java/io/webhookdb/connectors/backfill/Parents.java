package io.webhookdb.connectors.backfill;

import com.fasterxml.jackson.databind.JsonNode;
import io.webhookdb.schemas.catalog.Backfill;
import io.webhookdb.schemas.catalog.BackfillFanOut;
import io.webhookdb.schemas.catalog.BackfillItems;
import io.webhookdb.schemas.catalog.BackfillValue;
import io.webhookdb.schemas.catalog.RemoteKey;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;

/** Which rows a listing is fanned out over, and what it needs of them. Pure. */
final class Parents {
    private Parents() {}

    /** The row of that resource; empty if none is listed for it. */
    static Optional<ParentRow> of(Backfill backfill, String key, JsonNode data) {
        BackfillFanOut fanOut = backfill.fanOut();
        if (!Listing.passes(data, fanOut.where())
                || (!fanOut.unless().isEmpty() && Listing.passes(data, fanOut.unless()))) {
            return Optional.empty();
        }
        Map<String, JsonNode> values = new LinkedHashMap<>();
        for (String pointer : pointers(backfill)) {
            JsonNode value = data.at(pointer);
            values.put(pointer, value.isMissingNode() ? Json.MAPPER.nullNode() : value);
        }
        return Optional.of(new ParentRow(key, values));
    }

    private static Set<String> pointers(Backfill backfill) {
        Set<String> pointers = new LinkedHashSet<>();
        add(pointers, backfill.path());
        if (backfill.base() != null && backfill.base().parent() != null) {
            pointers.add(backfill.base().parent());
        }
        if (backfill.fanOut().visit() != null) {
            pointers.add("/" + backfill.fanOut().visit().context());
        }
        if (backfill.detail() != null) {
            add(pointers, backfill.detail().path());
        }
        if (OwnerTokens.of(backfill.auth()) != null) {
            pointers.add(OwnerTokens.of(backfill.auth()).key());
        }
        for (BackfillItems.Injection injection : backfill.items().inject()) {
            if (injection.parent() != null) {
                pointers.add(injection.parent());
            }
        }
        return pointers;
    }

    private static void add(Set<String> pointers, List<BackfillValue> path) {
        path.stream()
                .map(BackfillValue::parent)
                .filter(pointer -> pointer != null)
                .forEach(pointers::add);
    }

    /** The remote key of a resource as text; empty if it has none. */
    static Optional<String> key(RemoteKey key, JsonNode data) {
        if (!key.composed()) {
            return Optional.ofNullable(Json.scalar(data.at(key.pointer())));
        }
        StringJoiner joined = new StringJoiner(key.separator());
        for (List<String> part : key.parts()) {
            Optional<String> text =
                    part.stream()
                            .map(pointer -> Json.scalar(data.at(pointer)))
                            .filter(found -> found != null)
                            .findFirst();
            if (text.isEmpty()) {
                return Optional.empty();
            }
            joined.add(text.get());
        }
        return Optional.of(joined.toString());
    }
}
