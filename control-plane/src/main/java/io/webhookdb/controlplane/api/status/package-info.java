/** Whether this process is alive and which release it is. */
package io.webhookdb.controlplane.api.status;
