/** What visitors write to the people who run the server. */
package io.webhookdb.controlplane.api.contact;
