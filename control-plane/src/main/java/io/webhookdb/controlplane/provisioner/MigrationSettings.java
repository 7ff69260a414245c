package io.webhookdb.controlplane.provisioner;

import io.webhookdb.security.outbound.OutboundPolicy;
import java.time.Duration;

/**
 * How organizations move to databases of their own.
 *
 * @param outbound which customers' servers may be called
 * @param longestHold how long writers may wait for a switch, before the old database is theirs
 *     again
 * @param pageRows rows copied in one transaction
 */
public record MigrationSettings(OutboundPolicy outbound, Duration longestHold, int pageRows) {
    /** Public servers only. */
    public static MigrationSettings strict() {
        return of("");
    }

    /** With further address ranges ({@code WEBHOOKDB_OUTBOUND_ALLOW}). */
    public static MigrationSettings of(String outboundAllow) {
        return new MigrationSettings(
                OutboundPolicy.parse(outboundAllow), Duration.ofMinutes(3), 5_000);
    }
}
