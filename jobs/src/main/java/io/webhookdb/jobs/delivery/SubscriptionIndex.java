package io.webhookdb.jobs.delivery;

import io.webhookdb.schemas.change.RowChange;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.SubscriptionControl;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the subscriptions of a change by its integration and its organization, so that a change
 * costs nothing for the subscriptions of others. Not thread-safe.
 */
final class SubscriptionIndex {
    private final Map<String, SubscriptionControl> byId = new HashMap<>();
    private final Map<String, Map<String, SubscriptionControl>> byScope = new HashMap<>();

    /** Takes a record in that is newer than the known one. */
    void apply(SubscriptionControl subscription) {
        SubscriptionControl known = byId.put(subscription.id(), subscription);
        if (known != null) {
            String scope = scope(known);
            Map<String, SubscriptionControl> others = byScope.get(scope);
            if (others != null && others.remove(known.id()) != null && others.isEmpty()) {
                byScope.remove(scope);
            }
        }
        if (subscription.state() == State.DELETED) {
            return;
        }
        byScope.computeIfAbsent(scope(subscription), scope -> new LinkedHashMap<>())
                .put(subscription.id(), subscription);
    }

    /** Those the change is for: of its integration or its whole organization, never of another. */
    List<SubscriptionControl> of(RowChange change) {
        Map<String, SubscriptionControl> ofIntegration =
                byScope.getOrDefault("integration/" + change.integration(), Map.of());
        Map<String, SubscriptionControl> ofOrganization =
                byScope.getOrDefault("organization/" + change.organization(), Map.of());
        if (ofIntegration.isEmpty() && ofOrganization.isEmpty()) {
            return List.of();
        }
        List<SubscriptionControl> found = new ArrayList<>();
        ofIntegration.values().stream()
                .filter(subscription -> subscription.organization() == change.organization())
                .forEach(found::add);
        found.addAll(ofOrganization.values());
        return found;
    }

    private static String scope(SubscriptionControl subscription) {
        return subscription.integration() == null
                ? "organization/" + subscription.organization()
                : "integration/" + subscription.integration();
    }
}
