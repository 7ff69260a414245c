package io.webhookdb.controlplane.api.auth;

import io.webhookdb.controlplane.api.http.Paths;
import java.util.Optional;
import java.util.Set;

/**
 * Which scope a token needs for a route. Pure. Routes are decided by what they are, not one by one,
 * so that a new one is never open by accident: what reads needs {@link TokenScope#READ}, what
 * writes {@link TokenScope#WRITE}, and what is about people, or outside an organization, is for
 * people.
 */
final class NeededScope {
    /** Sent as POST, but change nothing. */
    private static final Set<String> READING_POSTS =
            Set.of(
                    Paths.DATABASE + "/sql",
                    "/v1/db/run_sql",
                    Paths.SAVED_QUERIES + "/{" + Paths.ID + "}/info");

    /** Sent as GET, but what they tell outlives the token. */
    private static final Set<String> REVEALING_GETS = Set.of(Paths.DATABASE + "/connection");

    private static final Set<String> FOR_PEOPLE =
            Set.of(
                    "/invite",
                    "/remove_member",
                    "/change_roles",
                    "/update",
                    "/rename",
                    "/close",
                    "/subscriptions/open_portal",
                    "/api_tokens",
                    "/api_tokens/{id}/revoke",
                    "/audit_log");

    private NeededScope() {}

    /**
     * The scope; empty if no token will do.
     *
     * @param method HTTP method
     * @param route path with the names of its parameters in braces
     */
    static Optional<TokenScope> of(String method, String route) {
        boolean organization = route.startsWith(Paths.ONE_ORGANIZATION);
        String below = organization ? route.substring(Paths.ONE_ORGANIZATION.length()) : "";
        if (organization && FOR_PEOPLE.contains(below)) {
            return Optional.empty();
        }
        if (!organization
                && !route.startsWith("/v1/db/")
                && !route.startsWith("/v1/saved_queries/")) {
            return Optional.empty();
        }
        if (method.equals("GET")) {
            return Optional.of(REVEALING_GETS.contains(route) ? TokenScope.WRITE : TokenScope.READ);
        }
        if (READING_POSTS.contains(route)) {
            return Optional.of(TokenScope.READ);
        }
        boolean incoming = route.startsWith(Paths.INTEGRATIONS) && !route.endsWith("/upsert");
        return Optional.of(
                incoming || below.equals("/replay") ? TokenScope.INGEST_ADMIN : TokenScope.WRITE);
    }
}
