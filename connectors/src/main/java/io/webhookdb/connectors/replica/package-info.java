/**
 * Writes rows into replication databases: {@link
 * io.webhookdb.connectors.replica.ReplicaWriterFactory} makes the operator, everything else is its
 * parts.
 */
package io.webhookdb.connectors.replica;
