/** API tokens of an organization. */
package io.webhookdb.controlplane.api.tokens;
