package io.webhookdb.connectors.webhook;

import io.webhookdb.connectors.webhook.Subscriptions.Proof;
import io.webhookdb.schemas.change.NotificationBody;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * One POST.
 *
 * @param uri where to
 * @param headers names and values, without Host and Content-Length
 * @param body bytes as signed
 * @param timeout longest wait for an answer
 */
record WebhookRequest(URI uri, Map<String, String> headers, byte[] body, Duration timeout) {
    private static final Pattern DISPATCHES =
            Pattern.compile("https://api\\.github\\.com/repos/\\w+/\\w+/dispatches");
    private static final Pattern PRINTABLE = Pattern.compile("[\\x20-\\x7e]+");

    /**
     * The POST of an attempt.
     *
     * @param url the subscription's
     * @param proof the subscription's
     * @param userAgent value of that header
     * @param timeout longest wait for an answer
     * @param now signed with the body, so that a receiver can refuse old ones
     * @throws IllegalArgumentException if the URL is none
     */
    static WebhookRequest of(
            Delivery delivery,
            String url,
            Proof proof,
            String userAgent,
            Duration timeout,
            Instant now) {
        String secret = proof.secret();
        boolean dispatch = DISPATCHES.matcher(url).matches();
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
        // What is no header value is not sent in clear, and so cannot end the header.
        boolean printable = PRINTABLE.matcher(secret).matches();
        if (dispatch) {
            headers.put("Accept", "application/vnd.github+json");
            if (printable) {
                headers.put("Authorization", "Bearer " + secret);
            }
        } else if (printable) {
            headers.put("Whdb-Webhook-Secret", secret);
        }
        String signature = proof.signer().sign(delivery.id(), now.getEpochSecond(), body);
        if (!signature.isEmpty()) {
            headers.put("webhook-signature", signature);
        }
        return new WebhookRequest(URI.create(url), headers, body, timeout);
    }

    /** Never prints headers or body: both are secret. */
    @Override
    public String toString() {
        return "WebhookRequest[" + uri.getHost() + "]";
    }
}
