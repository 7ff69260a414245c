/** Events in, changes and dead letters out. */
package io.webhookdb.connectors.kafka;
