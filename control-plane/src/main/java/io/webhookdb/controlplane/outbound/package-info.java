/** Calls to addresses that people gave us. */
package io.webhookdb.controlplane.outbound;
