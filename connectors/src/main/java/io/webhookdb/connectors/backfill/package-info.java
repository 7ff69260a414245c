/**
 * Fetching what vendors' APIs list. What a request looks like and what an answer means is decided
 * in plain Java ({@link io.webhookdb.connectors.backfill.Listing}); the operator carries it.
 */
package io.webhookdb.connectors.backfill;
