/** Organizations, their members, and who may do what. */
package io.webhookdb.controlplane.api.organizations;
