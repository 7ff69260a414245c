/** Reads topics into the application database, each record once. */
package io.webhookdb.controlplane.provisioner.reading;
