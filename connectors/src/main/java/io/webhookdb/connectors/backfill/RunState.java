package io.webhookdb.connectors.backfill;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonIgnore;
import io.webhookdb.schemas.control.BackfillControl.Extent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The run of one integration within an order. In state as JSON: fields may be added, never changed.
 * Touched by the task thread only.
 */
@JsonAutoDetect(
        fieldVisibility = JsonAutoDetect.Visibility.ANY,
        getterVisibility = JsonAutoDetect.Visibility.NONE,
        isGetterVisibility = JsonAutoDetect.Visibility.NONE)
final class RunState {
    /** What a run does. */
    enum Phase {
        /** Not begun. */
        WAITING,
        /** Reads rows of another table and lists for each, or takes items out of them. */
        TABLE,
        /** Goes on with the rows that the listing before it brought. */
        LISTED,
        /** Nothing is left to be begun. */
        LISTINGS,
        /** Looks for rows that a complete listing did not bring. */
        MISSING
    }

    String id;
    String order;
    String integration;
    Extent extent;
    Phase phase = Phase.WAITING;
    long begunAtMicros;
    Long watermarkMicros;

    /** Whether it fetches single resources that events named: each a listing of one item. */
    boolean single;

    /** Listings under way. */
    List<Position> listings = new ArrayList<>();

    /** Rows read, for which listings are not yet under way. */
    List<ParentRow> parents = new ArrayList<>();

    /** Primary key up to which a table was read. */
    long afterPk;

    /** Whether all rows that are gone were told. */
    boolean missingTold;

    /** Whether a row was passed over: then nothing follows from what was not listed. */
    boolean incomplete;

    int failures;
    long waitUntilMillis;

    /** Listings that have begun here, by parent key. */
    @JsonIgnore final Map<String, Active> active = new HashMap<>();

    /** Whether a table is being read. */
    @JsonIgnore boolean reading;

    /** A listing in the heap. */
    static final class Active {
        final Listing listing;
        boolean onTheWay;

        Active(Listing listing) {
            this.listing = listing;
        }
    }

    static RunState of(OrderState order, String integration, Extent extent) {
        RunState run = new RunState();
        run.id = order.id + "/" + integration;
        run.order = order.id;
        run.integration = integration;
        run.extent = extent;
        return run;
    }

    static String key(Position position) {
        return position.parent() == null ? "" : position.parent().key();
    }

    /** The row a listing is for; null without fan-out. */
    ParentRow row(Active of) {
        return listings.stream()
                .filter(position -> active.get(key(position)) == of)
                .findFirst()
                .map(Position::parent)
                .orElse(null);
    }

    /** Has a listing go on elsewhere; null: it has ended. */
    void replace(Active of, Position after) {
        for (int i = 0; i < listings.size(); i++) {
            String key = key(listings.get(i));
            if (active.get(key) == of) {
                if (after == null) {
                    listings.remove(i);
                    active.remove(key);
                } else {
                    listings.set(i, after);
                }
                return;
            }
        }
    }

    boolean hasListings() {
        return !listings.isEmpty() || !parents.isEmpty();
    }
}
