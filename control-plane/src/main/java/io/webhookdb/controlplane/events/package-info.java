/** Requests as they are kept on Kafka: read by place, and processed again. */
package io.webhookdb.controlplane.events;
