package io.webhookdb.connectors.webhook;

import io.webhookdb.connectors.webhook.Subscriptions.Proof;
import io.webhookdb.schemas.change.NotificationBody;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One POST.
 *
 * @param uri where to
 * @param headers names and values, without Host and Content-Length
 * @param body bytes as signed
 * @param timeout longest wait for an answer
 */
record WebhookRequest(URI uri, Map<String, String> headers, byte[] body, Duration timeout) {
    /**
     * The POST of an attempt.
     *
     * @param receiver the subscription's
     * @param proof the subscription's
     * @param userAgent value of that header
     * @param timeout longest wait for an answer
     * @param now signed with the body, so that a receiver can refuse old ones
     */
    static WebhookRequest of(
            Delivery delivery,
            Receiver receiver,
            Proof proof,
            String userAgent,
            Duration timeout,
            Instant now) {
        boolean dispatch = receiver.takesDispatches();
        byte[] body = dispatch ? NotificationBody.dispatch(delivery.body()) : delivery.body();
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/json");
        headers.put("User-Agent", userAgent);
        if (delivery.kind() == Delivery.Kind.TEST) {
            headers.put("Whdb-Test-Event", "1");
        } else {
            headers.put("Whdb-Attempt", Integer.toString(delivery.attempt()));
        }
        headers.put("webhook-id", delivery.id());
        headers.put("webhook-timestamp", Long.toString(now.getEpochSecond()));
        if (dispatch) {
            headers.put("Accept", "application/vnd.github+json");
            proof.header().ifPresent(secret -> headers.put("Authorization", "Bearer " + secret));
        } else {
            proof.header().ifPresent(secret -> headers.put("Whdb-Webhook-Secret", secret));
        }
        if (delivery.trace() != null) {
            delivery.trace().headers(headers::put);
        }
        String signature = proof.signer().sign(delivery.id(), now.getEpochSecond(), body);
        if (!signature.isEmpty()) {
            headers.put("webhook-signature", signature);
        }
        return new WebhookRequest(receiver.uri(), headers, body, timeout);
    }

    /** Never prints headers or body: both are secret. */
    @Override
    public String toString() {
        return "WebhookRequest[" + uri.getHost() + "]";
    }
}
