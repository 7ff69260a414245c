/** What leaves the system: subscriptions, sync targets, error handlers; and what is replayed. */
package io.webhookdb.controlplane.api.onward;
