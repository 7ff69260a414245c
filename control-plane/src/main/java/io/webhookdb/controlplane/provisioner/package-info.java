/**
 * The half of the control plane that owns databases: it makes Kafka topics, databases, roles and
 * tables, and publishes what exists as control records. Not reachable from outside.
 */
package io.webhookdb.controlplane.provisioner;
