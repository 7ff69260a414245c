package io.webhookdb.jobs.delivery;

import io.webhookdb.connectors.webhook.WebhookSettings;
import io.webhookdb.security.kafka.KafkaAccess;
import java.io.Serializable;
import java.time.Duration;

/**
 * What a delivery job needs to know.
 *
 * @param kafka where the log is
 * @param groupId consumer group whose committed offsets a job without state starts from
 * @param checkpointInterval used where the environment sets none
 * @param controlLimit longest time for reading control at a start without state
 * @param webhooks how webhooks are sent
 */
public record DeliveryJobSettings(
        KafkaAccess kafka,
        String groupId,
        Duration checkpointInterval,
        Duration controlLimit,
        WebhookSettings webhooks)
        implements Serializable {

    /** The same as the other, of a Kafka in clear. */
    public static DeliveryJobSettings of(String bootstrapServers, WebhookSettings webhooks) {
        return of(KafkaAccess.plain(bootstrapServers), webhooks);
    }

    /** The defaults of production. */
    public static DeliveryJobSettings of(KafkaAccess kafka, WebhookSettings webhooks) {
        return new DeliveryJobSettings(
                kafka,
                "webhookdb-delivery",
                Duration.ofSeconds(10),
                Duration.ofSeconds(60),
                webhooks);
    }
}
