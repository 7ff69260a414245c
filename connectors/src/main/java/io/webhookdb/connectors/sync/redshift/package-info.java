/** Rows to Redshift: files in S3 and COPY, or plain inserts, then delete and insert at once. */
package io.webhookdb.connectors.sync.redshift;
