/** Processes stored requests again, as people order it. */
package io.webhookdb.controlplane.provisioner.replay;
