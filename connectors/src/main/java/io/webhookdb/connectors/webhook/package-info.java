/**
 * Delivery of row changes to webhook subscriptions: what is sent ({@link
 * io.webhookdb.schemas.change.NotificationBody}), how it is signed, sent and judged, and the
 * StateFun function that carries one delivery from its first attempt to its last.
 */
package io.webhookdb.connectors.webhook;
