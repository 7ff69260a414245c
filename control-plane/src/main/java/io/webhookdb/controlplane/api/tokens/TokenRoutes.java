package io.webhookdb.controlplane.api.tokens;

import io.webhookdb.controlplane.api.auth.ApiToken;
import io.webhookdb.controlplane.api.auth.ApiTokens;
import io.webhookdb.controlplane.api.auth.TokenScope;
import io.webhookdb.controlplane.api.http.ApiException;
import io.webhookdb.controlplane.api.http.Listing;
import io.webhookdb.controlplane.api.http.Paths;
import io.webhookdb.controlplane.api.http.Question;
import io.webhookdb.controlplane.api.http.Request;
import io.webhookdb.controlplane.api.http.Router;
import io.webhookdb.controlplane.api.organizations.Access;
import io.webhookdb.controlplane.api.organizations.Member;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jdbi.v3.core.Jdbi;

/** {@code /v1/organizations/{org}/api_tokens}, for admins. */
public final class TokenRoutes {
    private static final String ALL = Paths.ONE_ORGANIZATION + "/api_tokens";
    private static final int LONGEST_NAME = 100;
    private static final int LONGEST_DAYS = 3650;
    private static final List<List<String>> HEADERS =
            List.of(
                    List.of("opaque_id", "Id"),
                    List.of("name", "Name"),
                    List.of("scope", "Scope"),
                    List.of("created_by", "Created by"),
                    List.of("created_at", "Created at"),
                    List.of("expires_at", "Expires at"),
                    List.of("last_used_at", "Last used"));

    private final Jdbi jdbi;
    private final Access access;
    private final ApiTokens tokens;

    public TokenRoutes(Jdbi jdbi, Access access) {
        this.jdbi = jdbi;
        this.access = access;
        this.tokens = new ApiTokens(jdbi);
    }

    /** Adds the routes. */
    public void addTo(Router router) {
        router.get(ALL, this::list)
                .post(ALL, this::create)
                .post(ALL + "/{" + Paths.ID + "}/revoke", this::revoke);
    }

    private Object list(Request request) {
        List<View> views =
                tokens.all(access.admin(request).organization().id()).stream()
                        .map(token -> View.of(token, null, ""))
                        .toList();
        return Listing.of(
                views,
                views.isEmpty() ? "There are no API tokens. Run `webhookdb tokens create`." : "",
                HEADERS);
    }

    private Object create(Request request) {
        Member admin = access.admin(request);
        String name = request.required("name", Question.pasteOrType("a name for the token"));
        if (name.length() > LONGEST_NAME) {
            throw ApiException.validation(
                    "name", "must have at most " + LONGEST_NAME + " characters");
        }
        TokenScope scope =
                TokenScope.of(
                                request.required(
                                        "scope",
                                        Question.pasteOrType(
                                                "a scope ("
                                                        + String.join(", ", TokenScope.words())
                                                        + ")")))
                        .orElseThrow(
                                () ->
                                        ApiException.validation(
                                                "scope",
                                                "must be one of "
                                                        + String.join(", ", TokenScope.words())));
        OptionalInt days = request.number("expires_in_days", 1, LONGEST_DAYS);
        Optional<Duration> lifetime =
                days.isPresent() ? Optional.of(Duration.ofDays(days.getAsInt())) : Optional.empty();
        ApiTokens.Issued issued =
                jdbi.inTransaction(
                        handle ->
                                tokens.issue(
                                        handle,
                                        admin.organization().id(),
                                        admin.customer(),
                                        name,
                                        scope,
                                        lifetime));
        return View.of(
                issued.token(),
                issued.text(),
                "Your API token is:\n"
                        + issued.text()
                        + "\nKeep it: it is not shown again. Scripts send it as \"Authorization:"
                        + " Bearer\", and this command takes it from WEBHOOKDB_API_TOKEN.");
    }

    private Object revoke(Request request) {
        Member admin = access.admin(request);
        String id = request.text(Paths.ID);
        ApiToken revoked =
                jdbi.inTransaction(handle -> tokens.revoke(handle, admin.organization().id(), id))
                        .orElseThrow(
                                () ->
                                        ApiException.permission(
                                                "There is no API token "
                                                        + id
                                                        + " in "
                                                        + admin.organization().name()
                                                        + ". Run `webhookdb tokens list`."));
        return View.of(
                revoked, null, "The API token \"" + revoked.name() + "\" is revoked, as of now.");
    }

    /**
     * A token as it is shown.
     *
     * @param token its text; only where it was just made
     */
    record View(
            String opaqueId,
            String name,
            String scope,
            String createdBy,
            String createdAt,
            String expiresAt,
            String lastUsedAt,
            String token,
            String message) {

        static View of(ApiToken token, String text, String message) {
            return new View(
                    token.opaqueId(),
                    token.name(),
                    token.scope().word(),
                    token.creator().email(),
                    shown(Optional.of(token.created())),
                    shown(token.expires()),
                    shown(token.lastUsed()),
                    text,
                    message);
        }

        private static String shown(Optional<Instant> time) {
            return time.map(at -> at.truncatedTo(ChronoUnit.SECONDS).toString()).orElse("");
        }
    }
}
