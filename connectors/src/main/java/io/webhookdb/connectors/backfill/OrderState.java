package io.webhookdb.connectors.backfill;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonIgnore;
import io.webhookdb.schemas.control.BackfillControl.Children;
import io.webhookdb.schemas.control.BackfillControl.Extent;
import io.webhookdb.schemas.status.BackfillProgress.State;

/**
 * An order that has not ended, with the counts of all its runs. In state as JSON: fields may be
 * added, never changed. Touched by the task thread only.
 */
@JsonAutoDetect(
        fieldVisibility = JsonAutoDetect.Visibility.ANY,
        getterVisibility = JsonAutoDetect.Visibility.NONE,
        isGetterVisibility = JsonAutoDetect.Visibility.NONE)
final class OrderState {
    String id;
    long organization;
    String integration;
    Extent extent;
    Children children;
    State state = State.QUEUED;
    long startedAtMillis;
    long pages;
    long items;
    int openRuns;
    String failure;

    /** For {@link State#WAITING_FOR_VENDOR}: what it said. */
    String waiting;

    // Only in the heap: for the rate of the last minute, and not to report too often.
    @JsonIgnore long reportedAtMillis;
    @JsonIgnore long windowAtMillis;
    @JsonIgnore long windowItems;
    @JsonIgnore double itemsPerSecond;
    @JsonIgnore long pagesExpected;

    static OrderState of(
            String id, long organization, String integration, Extent extent, Children children) {
        OrderState order = new OrderState();
        order.id = id;
        order.organization = organization;
        order.integration = integration;
        order.extent = extent;
        order.children = children;
        return order;
    }
}
