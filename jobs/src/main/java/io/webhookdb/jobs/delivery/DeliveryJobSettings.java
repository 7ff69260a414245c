package io.webhookdb.jobs.delivery;

import io.webhookdb.connectors.webhook.WebhookSettings;
import java.io.Serializable;
import java.time.Duration;

/**
 * What a delivery job needs to know.
 *
 * @param bootstrapServers Kafka's host:port list
 * @param groupId consumer group whose committed offsets a job without state starts from
 * @param checkpointInterval used where the environment sets none
 * @param controlLimit longest time for reading control at a start without state
 * @param webhooks how webhooks are sent
 */
public record DeliveryJobSettings(
        String bootstrapServers,
        String groupId,
        Duration checkpointInterval,
        Duration controlLimit,
        WebhookSettings webhooks)
        implements Serializable {

    /** The defaults of production. */
    public static DeliveryJobSettings of(String bootstrapServers, WebhookSettings webhooks) {
        return new DeliveryJobSettings(
                bootstrapServers,
                "webhookdb-delivery",
                Duration.ofSeconds(10),
                Duration.ofSeconds(60),
                webhooks);
    }
}
