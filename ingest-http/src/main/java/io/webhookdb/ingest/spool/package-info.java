/**
 * An append-only log of accepted events in a local folder, for the time in which Kafka does not
 * take them. Knows files and events, not Kafka and not HTTP.
 */
package io.webhookdb.ingest.spool;
