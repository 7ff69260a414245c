package io.webhookdb.controlplane.api.http;

/** Paths and the names of their parameters. */
public final class Paths {
    /** Path parameter: organization id, key or name. */
    public static final String ORGANIZATION = "org_identifier";

    /** Path parameter: integration opaque id, service name or table name. */
    public static final String INTEGRATION = "service_integration_identifier";

    /** Prefix of everything below one organization. */
    public static final String ONE_ORGANIZATION = "/v1/organizations/{" + ORGANIZATION + "}";

    /** Prefix of an organization's integrations. */
    public static final String INTEGRATIONS = ONE_ORGANIZATION + "/service_integrations";

    /** Prefix of everything below one integration. */
    public static final String ONE_INTEGRATION = INTEGRATIONS + "/{" + INTEGRATION + "}";

    /** Prefix of an organization's database. */
    public static final String DATABASE = "/v1/db/{" + ORGANIZATION + "}";

    /** Path parameter: opaque id of a subscription, target or handler. */
    public static final String ID = "id";

    /** Prefix of an organization's webhook subscriptions. */
    public static final String SUBSCRIPTIONS = ONE_ORGANIZATION + "/webhook_subscriptions";

    /** Prefix of an organization's sync targets. */
    public static final String SYNC_TARGETS = ONE_ORGANIZATION + "/sync_targets";

    /** Prefix of an organization's error handlers. */
    public static final String ERROR_HANDLERS = ONE_ORGANIZATION + "/error_handlers";

    /** Prefix of an organization's saved queries. */
    public static final String SAVED_QUERIES = ONE_ORGANIZATION + "/saved_queries";

    /** Prefix of an organization's saved views. */
    public static final String SAVED_VIEWS = ONE_ORGANIZATION + "/saved_views";

    private Paths() {}
}
