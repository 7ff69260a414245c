/** What jobs report to the control plane, made ready for the status topic. */
package io.webhookdb.connectors.status;
