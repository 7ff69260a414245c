/**
 * What warehouses have in common: drivers that are not ours to ship, rows as files of text, and the
 * limits values must fit into.
 */
package io.webhookdb.connectors.sync.warehouse;
