package io.webhookdb.controlplane.api.auth;

import io.webhookdb.controlplane.api.http.ApiException;
import io.webhookdb.controlplane.api.http.Request;
import io.webhookdb.controlplane.database.OpaqueIds;
import java.security.MessageDigest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementContext;

/**
 * API tokens: {@code whdb_ID_SECRET}, of which the application database keeps the id and the
 * secret's SHA-256. A secret of 256 random bits cannot be found from its digest. Sent as {@code
 * Authorization: Bearer} or in the header of sessions.
 */
public final class ApiTokens {
    private static final String PREFIX = "whdb_";
    private static final String BEARER = "bearer ";
    private static final Pattern FORM =
            Pattern.compile("whdb_(?<id>[a-z0-9]{1,30})_(?<secret>[A-Za-z0-9_-]{43})");
    private static final String SELECT =
            "SELECT t.*, c.email, c.name AS customer_name, c.default_organization_id FROM"
                    + " api_tokens t JOIN customers c ON c.id = t.created_by WHERE ";

    private final Jdbi jdbi;

    public ApiTokens(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** A token just made; its text is known only now. */
    public record Issued(ApiToken token, String text) {}

    /**
     * The token a request carries; empty if it carries none.
     *
     * @throws ApiException 401 if it carries one that is unknown, expired or revoked, 403 if one
     *     whose scope does not cover the route
     */
    public Optional<ApiToken> of(Request request) {
        String text = presented(request);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        ApiToken token = authenticated(text).orElseThrow(ApiTokens::invalid);
        Optional<TokenScope> needed = NeededScope.of(request.method(), request.route());
        if (needed.isEmpty()) {
            throw ApiException.permission(
                    "No API token may do that, only a person who is logged in.");
        }
        if (!token.scope().covers(needed.get())) {
            throw ApiException.permission(
                    "The API token \""
                            + token.name()
                            + "\" has the scope "
                            + token.scope().word()
                            + "; this needs "
                            + needed.get().word()
                            + ".");
        }
        return Optional.of(token);
    }

    /** Whether a request carries something that means to be an API token. */
    static boolean carriedBy(Request request) {
        return !presented(request).isEmpty();
    }

    /** Makes one in the caller's transaction. */
    public Issued issue(
            Handle transaction,
            long organization,
            Customer creator,
            String name,
            TokenScope scope,
            Optional<Duration> lifetime) {
        String id = OpaqueIds.next("").substring(1);
        String secret = Tokens.random();
        transaction
                .createUpdate(
                        "INSERT INTO api_tokens (opaque_id, organization_id, name, scope,"
                                + " token_hash, created_by, expires_at) VALUES (:id, :organization,"
                                + " :name, :scope, :hash, :creator, now() + make_interval(secs =>"
                                + " CAST(:seconds AS double precision)))")
                .bind("id", id)
                .bind("organization", organization)
                .bind("name", name)
                .bind("scope", scope.word())
                .bind("hash", Tokens.sha256(secret))
                .bind("creator", creator.id())
                .bind("seconds", lifetime.map(time -> (double) time.toSeconds()).orElse(null))
                .execute();
        ApiToken token =
                transaction
                        .createQuery(SELECT + "t.opaque_id = :id")
                        .bind("id", id)
                        .map(ApiTokens::token)
                        .one();
        return new Issued(token, PREFIX + id + "_" + secret);
    }

    /** Those of an organization that were not revoked, the oldest first. */
    public List<ApiToken> all(long organization) {
        return jdbi.withHandle(
                handle ->
                        handle.createQuery(
                                        SELECT
                                                + "t.organization_id = :organization AND"
                                                + " t.revoked_at IS NULL ORDER BY t.id")
                                .bind("organization", organization)
                                .map(ApiTokens::token)
                                .list());
    }

    /** Ends one for good; empty if the organization has no such token. */
    public Optional<ApiToken> revoke(Handle transaction, long organization, String id) {
        Optional<ApiToken> token =
                transaction
                        .createQuery(
                                SELECT
                                        + "t.opaque_id = :id AND t.organization_id = :organization"
                                        + " AND t.revoked_at IS NULL FOR UPDATE OF t")
                        .bind("id", id)
                        .bind("organization", organization)
                        .map(ApiTokens::token)
                        .findOne();
        token.ifPresent(
                found ->
                        transaction.execute(
                                "UPDATE api_tokens SET revoked_at = now() WHERE opaque_id = ?",
                                id));
        return token;
    }

    private Optional<ApiToken> authenticated(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        byte[] given = Tokens.sha256(matcher.group("secret"));
        return jdbi.withHandle(
                handle -> {
                    Optional<ApiToken> token =
                            handle.createQuery(
                                            SELECT
                                                    + "t.opaque_id = :id AND t.revoked_at IS NULL"
                                                    + " AND (t.expires_at IS NULL OR t.expires_at >"
                                                    + " now())")
                                    .bind("id", matcher.group("id"))
                                    .map(
                                            (row, context) ->
                                                    MessageDigest.isEqual(
                                                                    row.getBytes("token_hash"),
                                                                    given)
                                                            ? Optional.of(token(row, context))
                                                            : Optional.<ApiToken>empty())
                                    .findOne()
                                    .flatMap(found -> found);
                    token.ifPresent(found -> used(handle, found));
                    return token;
                });
    }

    /** Once a minute is often enough to see which tokens nobody uses. */
    private static void used(Handle handle, ApiToken token) {
        if (token.lastUsed().isEmpty()
                || token.lastUsed().get().isBefore(Instant.now().minusSeconds(60))) {
            handle.execute(
                    "UPDATE api_tokens SET last_used_at = now() WHERE opaque_id = ?",
                    token.opaqueId());
        }
    }

    private static ApiException invalid() {
        return ApiException.of(
                401, "unauthenticated", "The API token is unknown, has expired or was revoked.");
    }

    private static String presented(Request request) {
        String bearer = request.header("Authorization");
        if (bearer.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return bearer.substring(BEARER.length()).strip();
        }
        String session = request.header(Sessions.HEADER);
        return session.startsWith(PREFIX) ? session : "";
    }

    private static ApiToken token(ResultSet row, StatementContext context) throws SQLException {
        long organization = row.getLong("default_organization_id");
        return new ApiToken(
                row.getString("opaque_id"),
                row.getLong("organization_id"),
                row.getString("name"),
                TokenScope.of(row.getString("scope")).orElseThrow(),
                new Customer(
                        row.getLong("created_by"),
                        row.getString("email"),
                        row.getString("customer_name"),
                        organization == 0
                                ? java.util.OptionalLong.empty()
                                : java.util.OptionalLong.of(organization)),
                row.getTimestamp("created_at").toInstant(),
                instant(row.getTimestamp("expires_at")),
                instant(row.getTimestamp("last_used_at")));
    }

    private static Optional<Instant> instant(Timestamp time) {
        return Optional.ofNullable(time).map(Timestamp::toInstant);
    }
}
