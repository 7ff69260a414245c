/** Changes of an organization as they happen, for someone who waits for them. */
package io.webhookdb.controlplane.api.listening;
