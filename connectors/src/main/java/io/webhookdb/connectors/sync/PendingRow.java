package io.webhookdb.connectors.sync;

/**
 * A row that waits to be sent.
 *
 * @param sequence its place in the order of sending
 * @param row the newest version that came
 */
record PendingRow(long sequence, SyncRow row) {}
