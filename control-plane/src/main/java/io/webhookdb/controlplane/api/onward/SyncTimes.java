package io.webhookdb.controlplane.api.onward;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;

/** When sync targets were last synced, as jobs reported it. */
public final class SyncTimes {
    private final Jdbi jdbi;

    public SyncTimes(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** By opaque id, of the part that is the furthest behind; targets never synced are missing. */
    Map<String, Instant> of(long organization) {
        Map<String, Instant> times = new HashMap<>();
        jdbi.useHandle(
                handle ->
                        handle.createQuery(
                                        "SELECT target, min(last_synced_at) FROM sync_progress"
                                                + " WHERE organization_id = :organization AND"
                                                + " last_synced_at IS NOT NULL GROUP BY target")
                                .bind("organization", organization)
                                .map(
                                        (row, context) ->
                                                Map.entry(
                                                        row.getString(1),
                                                        row.getObject(2, OffsetDateTime.class)
                                                                .toInstant()))
                                .forEach(entry -> times.put(entry.getKey(), entry.getValue())));
        return times;
    }

    /** Whole seconds since then; 0 for never. */
    static int latency(Instant synced) {
        return synced == null
                ? 0
                : (int)
                        Math.max(
                                0,
                                Math.min(
                                        Integer.MAX_VALUE,
                                        Duration.between(synced, Instant.now()).toSeconds()));
    }
}
