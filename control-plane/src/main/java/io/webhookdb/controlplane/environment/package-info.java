/** Settings of a process from its environment variables. */
package io.webhookdb.controlplane.environment;
