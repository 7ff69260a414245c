/** The sync job: committed changes onward to sync targets. */
package io.webhookdb.jobs.sync;
