/** Integrations: an endpoint and a table each, and the conversation that sets them up. */
package io.webhookdb.controlplane.api.integrations;
