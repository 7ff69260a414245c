package io.webhookdb.schemas.status;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * How far a recovery of deliveries got. A later report of the same order replaces the earlier.
 *
 * @param organization numeric id
 * @param recovery opaque id of the order, {@code rcv_...}
 * @param subscription opaque id of the subscription
 * @param state running, finished or failed
 * @param read changes looked at
 * @param sent changes handed to delivery
 * @param at ISO-8601 time of this report
 * @param failure what went wrong; null for nothing
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RecoveryProgress(
        long organization,
        String recovery,
        String subscription,
        BackfillProgress.State state,
        long read,
        long sent,
        String at,
        String failure)
        implements StatusReport {

    @Override
    public String key() {
        return "recovery/" + recovery;
    }
}
