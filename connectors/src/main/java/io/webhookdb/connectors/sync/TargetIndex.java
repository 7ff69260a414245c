package io.webhookdb.connectors.sync;

import io.webhookdb.schemas.control.ControlRecord;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.IntegrationControl;
import io.webhookdb.schemas.control.SyncTargetControl;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Where the rows of each integration go: {@link LaneTarget}s as text. */
final class TargetIndex {
    private final Map<String, Set<String>> byIntegration = new HashMap<>();

    /** Integrations that go to a target, by the target's id. */
    private final Map<String, Set<String>> byTarget = new HashMap<>();

    /** Targets of whole organizations, and what such a target would take. */
    private final Map<Long, Map<String, SyncTargetControl>> takingAll = new HashMap<>();

    private final Map<Long, Set<String>> integrations = new HashMap<>();

    /**
     * Takes a newer record in; those of other kinds are nothing to it. Records may come in any
     * order.
     *
     * @return to where rows go that did not go there before
     */
    Set<String> apply(ControlRecord record) {
        if (record instanceof SyncTargetControl target) {
            return target(target);
        }
        return record instanceof IntegrationControl integration
                ? integration(integration)
                : Set.of();
    }

    private Set<String> target(SyncTargetControl target) {
        Set<String> before = byTarget.getOrDefault(target.id(), Set.of());
        Set<String> routedBefore = new TreeSet<>();
        before.forEach(integration -> routedBefore.addAll(unroute(target, integration)));
        takingAll.computeIfAbsent(target.organization(), id -> new HashMap<>()).remove(target.id());
        byTarget.remove(target.id());
        if (target.state() != State.ACTIVE) {
            return Set.of();
        }
        Set<String> now;
        if (target.takesAllIntegrations()) {
            takingAll.get(target.organization()).put(target.id(), target);
            now = integrations.getOrDefault(target.organization(), Set.of());
        } else {
            now = Set.of(target.integration());
        }
        Set<String> added = new TreeSet<>();
        for (String integration : now) {
            route(target, integration);
            String lanes = LaneTarget.of(target, integration).text();
            if (!routedBefore.contains(lanes)) {
                added.add(lanes);
            }
        }
        return added;
    }

    private Set<String> integration(IntegrationControl integration) {
        Set<String> known =
                integrations.computeIfAbsent(integration.organization(), id -> new HashSet<>());
        boolean isActive = integration.state() == State.ACTIVE;
        boolean changes = isActive ? known.add(integration.id()) : known.remove(integration.id());
        Set<String> added = new TreeSet<>();
        if (changes) {
            for (SyncTargetControl target :
                    takingAll.getOrDefault(integration.organization(), Map.of()).values()) {
                if (isActive) {
                    route(target, integration.id());
                    added.add(LaneTarget.of(target, integration.id()).text());
                } else {
                    unroute(target, integration.id());
                    byTarget.getOrDefault(target.id(), new HashSet<>()).remove(integration.id());
                }
            }
        }
        return added;
    }

    private void route(SyncTargetControl target, String integration) {
        byIntegration
                .computeIfAbsent(integration, id -> new TreeSet<>())
                .add(LaneTarget.of(target, integration).text());
        byTarget.computeIfAbsent(target.id(), id -> new HashSet<>()).add(integration);
    }

    /** Takes away where the rows went. */
    private Set<String> unroute(SyncTargetControl target, String integration) {
        Set<String> routes = byIntegration.computeIfAbsent(integration, id -> new TreeSet<>());
        Set<String> gone = new TreeSet<>(routes);
        gone.removeIf(lanes -> !LaneTarget.parse(lanes).target().equals(target.id()));
        routes.removeAll(gone);
        return gone;
    }

    /** Where an integration's rows go. */
    Set<String> targets(String integration) {
        return byIntegration.getOrDefault(integration, Set.of());
    }
}
