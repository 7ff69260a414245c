/** Accounts at vendors that are connected by consent (OAuth 2.0, RFC 6749). */
package io.webhookdb.controlplane.api.install;
