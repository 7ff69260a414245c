/** Records that could not be applied, listed for people, and tried again when they ask for it. */
package io.webhookdb.controlplane.provisioner.deadletters;
