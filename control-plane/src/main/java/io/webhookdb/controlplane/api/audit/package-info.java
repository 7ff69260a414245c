/** The audit log: who did what when, and from where. */
package io.webhookdb.controlplane.api.audit;
