package io.webhookdb.connectors.webhook;

import io.webhookdb.connectors.statefun.FunctionHostFactory;
import io.webhookdb.connectors.webhook.Delivery.Kind;
import io.webhookdb.schemas.Topics;
import io.webhookdb.schemas.status.DeliveryAttempt;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.flink.statefun.sdk.java.io.KafkaEgressMessage;
import org.apache.flink.statefun.sdk.java.message.EgressMessage;

/** Reports of attempts, for {@link Topics#STATUS}. */
final class AttemptReport {
    private AttemptReport() {}

    /**
     * @param start when the attempt began
     * @param millis how long it took
     * @param wait until the next one; empty if there is none
     */
    static EgressMessage of(
            Delivery delivery, Answer answer, Instant start, long millis, Optional<Duration> wait) {
        boolean test = delivery.kind() == Kind.TEST;
        DeliveryAttempt attempt =
                new DeliveryAttempt(
                        delivery.subscription(),
                        delivery.organization(),
                        delivery.integration(),
                        delivery.id(),
                        test ? 0 : delivery.attempt(),
                        start.toString(),
                        millis,
                        answer.status(),
                        answer.outcome(),
                        wait.map(after -> start.plusMillis(millis).plus(after).toString())
                                .orElse(null),
                        test,
                        delivery.changedAt() == 0
                                ? null
                                : Instant.ofEpochMilli(delivery.changedAt()).toString(),
                        answer.text());
        return KafkaEgressMessage.forEgress(FunctionHostFactory.KAFKA)
                .withTopic(Topics.STATUS)
                .withUtf8Key(delivery.subscription())
                .withValue(attempt.encode())
                .build();
    }
}
