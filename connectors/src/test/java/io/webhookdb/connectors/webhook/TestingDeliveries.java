package io.webhookdb.connectors.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.webhookdb.connectors.webhook.Delivery.Cause;
import io.webhookdb.connectors.webhook.Delivery.Kind;
import io.webhookdb.connectors.webhook.Subscriptions.Proof;
import java.util.List;
import java.util.Optional;

/** Deliveries of {@code whs_1}. */
final class TestingDeliveries {
    static final long CHANGED_AT = 1_767_225_600_000L;

    private TestingDeliveries() {}

    static Delivery fresh(String id, Kind kind, String body) {
        return Delivery.fresh(
                "whs_1",
                5,
                "svi_1",
                id,
                kind,
                Cause.CHANGE,
                CHANGED_AT,
                "change/" + id,
                body.getBytes(UTF_8));
    }

    static Proof proof(String secret) {
        return Proof.of(secret, Signer.of(List.of(secret), Optional.empty()));
    }
}
