/** Tells people what they have to act on. */
package io.webhookdb.controlplane.provisioner.alerts;
