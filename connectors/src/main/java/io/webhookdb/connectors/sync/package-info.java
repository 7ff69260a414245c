/**
 * Rows onward to sync targets: pending rows per target in keyed state, sent every period, preceded
 * by the rows a table already had.
 */
package io.webhookdb.connectors.sync;
