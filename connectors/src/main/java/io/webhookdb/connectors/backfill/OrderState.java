package io.webhookdb.connectors.backfill;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.control.BackfillControl.Children;
import io.webhookdb.schemas.control.BackfillControl.Extent;
import io.webhookdb.schemas.event.BackfillMark;
import io.webhookdb.schemas.fetch.BackfillCriteria;
import io.webhookdb.schemas.status.BackfillProgress.Request;
import io.webhookdb.schemas.status.BackfillProgress.State;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

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

    /** What {@link #failure} came of; null: no request. */
    Request request;

    /** What a person restricted it to, JSON; null: nothing. */
    String criteria;

    /** Whether it lists for rows that came one by one, and nothing else. */
    boolean ofRows;

    /** For {@link State#WAITING_FOR_VENDOR}: what it said. */
    String waiting;

    // Only in the heap: for the rate of the last minute, and not to report too often.
    @JsonIgnore long reportedAtMillis;
    @JsonIgnore long windowAtMillis;
    @JsonIgnore long windowItems;
    @JsonIgnore double itemsPerSecond;
    @JsonIgnore long pagesExpected;

    /** What its items carry, so that what they change is counted; empty for single resources. */
    Map<String, String> mark() {
        return startedAtMillis == 0
                ? Map.of()
                : Map.of(BackfillMark.HEADER, new BackfillMark(id, startedAtMillis).text());
    }

    /** Whether it is to bring only a part, of which nothing follows for the rest. */
    boolean isRestricted() {
        return criteria != null || ofRows;
    }

    /** The same, restricted to what a person asked for; null and nothing are no restriction. */
    OrderState restrictedTo(JsonNode wanted) {
        criteria = wanted == null || wanted.isEmpty() ? null : wanted.toString();
        return this;
    }

    /**
     * What of the restriction holds for a run of this service.
     *
     * @throws ApiException a configuration failure if the service cannot be restricted like that
     */
    BackfillCriteria criteria(String ofIntegration, ServiceDefinition service) throws ApiException {
        if (criteria == null) {
            return BackfillCriteria.NONE;
        }
        try {
            JsonNode wanted = Json.MAPPER.readTree(criteria);
            return ofIntegration.equals(integration)
                    ? BackfillCriteria.of(wanted, service)
                    : times(wanted).forDependent(service);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new ApiException(
                    ApiFailure.CONFIGURATION, "The criteria " + e.getMessage() + ".");
        }
    }

    private static BackfillCriteria times(JsonNode wanted) {
        return new BackfillCriteria(
                Optional.ofNullable(wanted.get(BackfillCriteria.SINCE)).map(OrderState::time),
                Optional.ofNullable(wanted.get(BackfillCriteria.UNTIL)).map(OrderState::time),
                Map.of());
    }

    private static Instant time(JsonNode text) {
        return BackfillCriteria.time(text.asText());
    }

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
