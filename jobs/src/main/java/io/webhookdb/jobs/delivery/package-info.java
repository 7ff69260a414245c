/** Committed changes to whoever subscribed to them. */
package io.webhookdb.jobs.delivery;
