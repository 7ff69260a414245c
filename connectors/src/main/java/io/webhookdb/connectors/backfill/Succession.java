package io.webhookdb.connectors.backfill;

import io.webhookdb.schemas.catalog.BackfillFanOut;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.control.IntegrationControl;

/**
 * In which order the integrations of a tree are filled. Pure.
 *
 * <p>An integration is filled after the one it depends on. Where its rows are fetched for the rows
 * of a sibling, it is filled after that: its rows have to be there first.
 */
final class Succession {
    private Succession() {}

    /**
     * Whether an integration is filled after another one.
     *
     * @param service of the first
     */
    static boolean isAfter(
            IntegrationControl integration, ServiceDefinition service, IntegrationControl other) {
        BackfillFanOut fanOut = service.backfill().fanOut();
        if (fanOut != null && !fanOut.over().equals(service.parent())) {
            return other.service().equals(fanOut.over())
                    && (integration.dependsOn() == null || areSiblings(integration, other));
        }
        return other.service().equals(service.parent())
                && (integration.dependsOn() == null || integration.dependsOn().equals(other.id()));
    }

    /** Whether both depend on the same integration. */
    static boolean areSiblings(IntegrationControl one, IntegrationControl other) {
        return one.dependsOn() != null && one.dependsOn().equals(other.dependsOn());
    }
}
