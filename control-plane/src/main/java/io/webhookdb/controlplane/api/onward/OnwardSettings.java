package io.webhookdb.controlplane.api.onward;

import io.webhookdb.security.kafka.KafkaAccess;
import io.webhookdb.security.outbound.OutboundPolicy;
import java.util.Optional;

/**
 * Rules for what leaves the system.
 *
 * @param outbound which addresses may be called
 * @param minSyncPeriod least seconds between two syncs of a target
 * @param kafka whose changes can be listened to; empty for none
 */
public record OnwardSettings(
        OutboundPolicy outbound, int minSyncPeriod, Optional<KafkaAccess> kafka) {
    /** Least seconds between two syncs where the operator says nothing. */
    public static final int USUAL_MIN_SYNC_PERIOD = 600;

    /** Most seconds between two syncs: a day. */
    public static final int MAX_SYNC_PERIOD = 86_400;

    /** Public addresses only, every ten minutes. */
    public static OnwardSettings strict() {
        return of("", USUAL_MIN_SYNC_PERIOD);
    }

    /**
     * With further address ranges ({@code WEBHOOKDB_OUTBOUND_ALLOW}).
     *
     * @throws IllegalArgumentException if a range cannot be read, or the period is out of range
     */
    public static OnwardSettings of(String outboundAllow, int minSyncPeriod) {
        return new OnwardSettings(
                OutboundPolicy.parse(outboundAllow), minSyncPeriod, Optional.empty());
    }

    public OnwardSettings {
        if (minSyncPeriod < 1 || minSyncPeriod > MAX_SYNC_PERIOD) {
            throw new IllegalArgumentException(
                    "WEBHOOKDB_MIN_SYNC_PERIOD is "
                            + minSyncPeriod
                            + "; allowed are 1 to "
                            + MAX_SYNC_PERIOD
                            + " seconds");
        }
    }

    /** The same, with other addresses that may be called. */
    public OnwardSettings withOutbound(OutboundPolicy other) {
        return new OnwardSettings(other, minSyncPeriod, kafka);
    }

    /** The same, with another least time between two syncs, in seconds. */
    public OnwardSettings withMinSyncPeriod(int seconds) {
        return new OnwardSettings(outbound, seconds, kafka);
    }

    /** The same, with a broker whose changes can be listened to. */
    public OnwardSettings withKafka(KafkaAccess other) {
        return new OnwardSettings(outbound, minSyncPeriod, Optional.of(other));
    }
}
