package io.webhookdb.connectors.webhook;

import io.webhookdb.schemas.control.SubscriptionSettings;
import io.webhookdb.security.outbound.UserAgent;
import java.io.Serializable;
import java.time.Duration;

/**
 * How webhooks are sent.
 *
 * @param keysets folder with the keyset that opens subscriptions' secrets
 * @param retrySchedule as {@link RetrySchedule#parse} takes it
 * @param outboundAllow ranges beyond the public ones that may be called, as {@link
 *     io.webhookdb.security.outbound.OutboundPolicy#parse} takes them
 * @param timeout longest wait for an answer, from the resolution of the host on
 * @param mostConnections connections of a subtask: as many as calls may be in flight, or receivers
 *     that hang would keep others from having any
 * @param mostPerReceiver connections of a subtask to one host and port, which subscriptions of many
 *     organizations may share
 * @param userAgent value of that header
 * @param mostPendingBytes bytes that may wait for one subscription on one subtask; what comes
 *     beyond is reported and not delivered
 * @param longestPending how long after its change a delivery may wait for its first attempt
 */
public record WebhookSettings(
        String keysets,
        String retrySchedule,
        String outboundAllow,
        Duration timeout,
        int mostConnections,
        int mostPerReceiver,
        String userAgent,
        long mostPendingBytes,
        Duration longestPending)
        implements Serializable {
    /** Longest timeout a subscription may ask for. */
    public static final Duration LONGEST_TIMEOUT = Duration.ofSeconds(30);

    /**
     * What production uses.
     *
     * @throws IllegalArgumentException if the schedule or a range cannot be read
     */
    public static WebhookSettings of(String keysets, String retrySchedule, String outboundAllow) {
        RetrySchedule.parse(retrySchedule);
        io.webhookdb.security.outbound.OutboundPolicy.parse(outboundAllow);
        return new WebhookSettings(
                keysets,
                retrySchedule,
                outboundAllow,
                Duration.ofSeconds(10),
                1024,
                512,
                UserAgent.VALUE,
                64L << 20,
                Duration.ofDays(7));
    }

    /** The timeout of a subscription's requests. */
    Duration timeoutFor(SubscriptionSettings subscription) {
        return subscription.timeoutSeconds() == 0
                ? timeout
                : Duration.ofSeconds(subscription.timeoutSeconds());
    }
}
