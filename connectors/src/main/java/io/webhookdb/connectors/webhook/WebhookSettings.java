package io.webhookdb.connectors.webhook;

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
 * @param mostConnections connections of a subtask
 * @param mostPerReceiver connections of a subtask to one host and port
 * @param userAgent value of that header
 */
public record WebhookSettings(
        String keysets,
        String retrySchedule,
        String outboundAllow,
        Duration timeout,
        int mostConnections,
        int mostPerReceiver,
        String userAgent)
        implements Serializable {

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
                256,
                32,
                "WebhookDB/" + release() + " https://webhookdb.com");
    }

    private static String release() {
        String version = WebhookSettings.class.getPackage().getImplementationVersion();
        return version == null ? "0.1.0" : version;
    }
}
