package io.webhookdb.connectors.sync;

import io.webhookdb.connectors.sync.Delivery.Outcome;
import io.webhookdb.connectors.sync.SyncContext.Known;
import org.apache.flink.util.function.ThrowingConsumer;

/**
 * A page on its way to a target.
 *
 * @param known what was known of the target when it was cut
 * @param page what is sent
 * @param settling what its outcome changes, on the task thread
 */
record SentPage(Known known, SyncPage page, ThrowingConsumer<Outcome, Exception> settling) {}
