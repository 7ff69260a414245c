/** The replication job: {@link io.webhookdb.jobs.replication.ReplicationJob} draws it. */
package io.webhookdb.jobs.replication;
