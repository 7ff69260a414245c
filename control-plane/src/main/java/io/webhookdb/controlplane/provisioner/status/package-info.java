/** What jobs and ingest report, read into the application database. */
package io.webhookdb.controlplane.provisioner.status;
