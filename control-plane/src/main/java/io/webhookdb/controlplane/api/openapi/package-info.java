/** The server's own description. */
package io.webhookdb.controlplane.api.openapi;
