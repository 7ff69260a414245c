package io.webhookdb.connectors.webhook;

import java.util.concurrent.CompletableFuture;

/** Posts. */
interface WebhookSender extends AutoCloseable {
    /** Never completes exceptionally: what goes wrong is an answer too. */
    CompletableFuture<Answer> send(WebhookRequest request);

    @Override
    void close();
}
