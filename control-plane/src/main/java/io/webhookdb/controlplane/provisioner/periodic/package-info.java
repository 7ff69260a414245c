/** What the leading provisioner does again and again. */
package io.webhookdb.controlplane.provisioner.periodic;
