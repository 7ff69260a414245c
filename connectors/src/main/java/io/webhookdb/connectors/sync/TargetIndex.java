package io.webhookdb.connectors.sync;

import io.webhookdb.schemas.control.ControlRecord;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.SyncTargetControl;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Active sync targets by integration. */
final class TargetIndex {
    private final Map<String, Set<String>> byIntegration = new HashMap<>();
    private final Map<String, String> integrationOf = new HashMap<>();

    /** Takes a newer record in. Records of other kinds are nothing to it. */
    void apply(ControlRecord record) {
        if (!(record instanceof SyncTargetControl target)) {
            return;
        }
        String former = integrationOf.remove(target.id());
        if (former != null) {
            byIntegration.get(former).remove(target.id());
        }
        if (target.state() == State.ACTIVE) {
            integrationOf.put(target.id(), target.integration());
            byIntegration
                    .computeIfAbsent(target.integration(), id -> new TreeSet<>())
                    .add(target.id());
        }
    }

    /** Whether its changes are routed. */
    boolean isRouted(String target) {
        return integrationOf.containsKey(target);
    }

    /** Targets of an integration's table. */
    Set<String> targets(String integration) {
        return byIntegration.getOrDefault(integration, Set.of());
    }
}
