/** The catalogue as clients see it. */
package io.webhookdb.controlplane.api.services;
