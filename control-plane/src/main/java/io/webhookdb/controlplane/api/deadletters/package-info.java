/** Records that could not be applied, as people list, look at and retry them. */
package io.webhookdb.controlplane.api.deadletters;
