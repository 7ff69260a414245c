/** The web-facing half of the control plane: the HTTP contract over the application database. */
package io.webhookdb.controlplane.api;
