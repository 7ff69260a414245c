/** What operators watch. */
package io.webhookdb.controlplane.provisioner.metrics;
