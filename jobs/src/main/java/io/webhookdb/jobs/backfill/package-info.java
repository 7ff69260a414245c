/** The backfill job: what vendors' APIs list into the log. */
package io.webhookdb.jobs.backfill;
