/** What exists, as the provisioner publishes it, for operators that broadcast it. */
package io.webhookdb.connectors.control;
