package io.webhookdb.controlplane.api.onward;

import io.webhookdb.controlplane.api.integrations.Integration;
import io.webhookdb.controlplane.api.organizations.Organization;
import io.webhookdb.controlplane.database.ControlDocuments.Document;
import io.webhookdb.schemas.control.SubscriptionControl;

/** A webhook subscription in the contract's form. */
record SubscriptionView(
        String createdAt,
        String opaqueId,
        String deliverToUrl,
        Organization.View organization,
        Integration.View serviceIntegration,
        String associatedType,
        String associatedId,
        String status,
        String message) {

    /** Of an integration, or of the whole organization if that is null. */
    static SubscriptionView of(
            Document<SubscriptionControl> found,
            Organization organization,
            Integration integration,
            String message) {
        SubscriptionControl record = found.record();
        boolean whole = record.integration() == null;
        return new SubscriptionView(
                found.createdAt().toString(),
                record.id(),
                record.url(),
                whole ? organization.view() : null,
                integration == null ? null : integration.view(""),
                whole ? "organization" : "service_integration",
                whole ? organization.key() : record.integration(),
                record.delivery() == SubscriptionControl.Delivery.SEND ? "active" : "deactivated",
                message);
    }
}
