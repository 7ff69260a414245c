/** Waiting until what was asked for has taken effect. */
package io.webhookdb.controlplane.api.provisioned;
