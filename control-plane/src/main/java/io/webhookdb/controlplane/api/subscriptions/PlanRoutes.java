package io.webhookdb.controlplane.api.subscriptions;

import io.webhookdb.controlplane.api.http.ApiException;
import io.webhookdb.controlplane.api.http.Listing;
import io.webhookdb.controlplane.api.http.Paths;
import io.webhookdb.controlplane.api.http.Request;
import io.webhookdb.controlplane.api.http.Router;
import io.webhookdb.controlplane.api.organizations.Access;
import io.webhookdb.controlplane.api.organizations.Organization;
import java.util.List;
import java.util.Locale;
import org.jdbi.v3.core.Jdbi;

/** {@code /v1/organizations/{org}/subscriptions}, of a server without billing. */
public final class PlanRoutes {
    private static final String SUBSCRIPTIONS = Paths.ONE_ORGANIZATION + "/subscriptions";
    private static final List<List<String>> HEADERS =
            List.of(
                    List.of("organization_formatted", "Organization"),
                    List.of("billing_email", "Billing email"),
                    List.of("plan_name", "Plan name"),
                    List.of("integrations_used_formatted", "Integrations used"),
                    List.of("integrations_remaining_formatted", "Integrations left"),
                    List.of("sub_status", "Status"));
    private static final List<List<String>> PLAN_HEADERS =
            List.of(
                    List.of("key", "Key"),
                    List.of("description", "Description"),
                    List.of("price_formatted", "Price"));

    private final Jdbi jdbi;
    private final Access access;

    public PlanRoutes(Jdbi jdbi, Access access) {
        this.jdbi = jdbi;
        this.access = access;
    }

    /** Adds the routes. */
    public void addTo(Router router) {
        router.get(SUBSCRIPTIONS, this::info)
                .get(SUBSCRIPTIONS + "/plans", this::plans)
                .post(SUBSCRIPTIONS + "/open_portal", this::openPortal);
    }

    private Object info(Request request) {
        Organization organization = access.member(request).organization();
        return jdbi.withHandle(
                handle ->
                        handle.createQuery(
                                        "SELECT o.billing_email, (SELECT count(*) FROM integrations"
                                                + " i WHERE i.organization_id = o.id AND i.state ="
                                                + " 'active') FROM organizations o WHERE o.id ="
                                                + " :organization")
                                .bind("organization", organization.id())
                                .map(
                                        (row, context) ->
                                                Subscription.unlimited(
                                                        organization,
                                                        row.getString(1),
                                                        row.getLong(2)))
                                .one());
    }

    private Object plans(Request request) {
        access.member(request);
        return Listing.of(
                List.of(),
                "Nothing is billed on this server, so there are no plans.",
                PLAN_HEADERS);
    }

    private Object openPortal(Request request) {
        Organization organization = access.member(request).organization();
        throw ApiException.of(
                409,
                "billing_disabled",
                "Nothing is billed on this server: "
                        + organization.name()
                        + " has no billing account and no limits.");
    }

    /** The contract's description of a plan and its use. */
    record Subscription(
            String organizationKey,
            String organizationName,
            String organizationFormatted,
            String billingEmail,
            String planName,
            long integrationsUsed,
            String integrationsUsedFormatted,
            long integrationsRemaining,
            String integrationsRemainingFormatted,
            String subStatus,
            String message,
            List<List<String>> displayHeaders) {

        /** Without a limit; as a number, what is left is more than anyone will use. */
        static Subscription unlimited(Organization organization, String billingEmail, long used) {
            return new Subscription(
                    organization.key(),
                    organization.name(),
                    organization.name() + " (" + organization.key() + ")",
                    billingEmail,
                    "Unlimited",
                    used,
                    String.format(Locale.ROOT, "%,d", used),
                    Integer.MAX_VALUE,
                    "unlimited",
                    "active",
                    "",
                    HEADERS);
        }
    }
}
