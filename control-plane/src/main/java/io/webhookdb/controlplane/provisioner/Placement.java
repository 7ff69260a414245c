package io.webhookdb.controlplane.provisioner;

import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;

/** Chooses a server for a new organization. Pure. */
final class Placement {
    private Placement() {}

    /** The least loaded server; one that fails only if all do. */
    static String choose(Collection<String> servers, Map<String, Long> load, Set<String> failing) {
        return servers.stream()
                .min(
                        Comparator.<String>comparingInt(server -> failing.contains(server) ? 1 : 0)
                                .thenComparingLong(server -> load.getOrDefault(server, 0L))
                                .thenComparing(Comparator.naturalOrder()))
                .orElseThrow();
    }
}
