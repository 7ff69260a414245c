/** Webhook endpoints that are made at vendors. */
package io.webhookdb.controlplane.provisioner.registration;
