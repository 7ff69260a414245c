/** What every job has in common: its arguments, its environment and its topics. */
package io.webhookdb.jobs.plumbing;
