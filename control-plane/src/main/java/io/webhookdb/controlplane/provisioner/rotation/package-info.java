/** Rotation of keysets while everything runs. */
package io.webhookdb.controlplane.provisioner.rotation;
