/** Plans of organizations. Nothing is billed, so nothing is limited. */
package io.webhookdb.controlplane.api.subscriptions;
