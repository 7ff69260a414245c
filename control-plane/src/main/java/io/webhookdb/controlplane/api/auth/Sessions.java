package io.webhookdb.controlplane.api.auth;

import io.webhookdb.controlplane.api.http.Request;
import java.time.Duration;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Sessions: a random token at the client, its SHA-256 in the application database. A session ends
 * by time or by logout.
 */
public final class Sessions {
    /** Request and response header that carries the token. */
    static final String HEADER = "Whdb-Auth-Token";

    /** Cookie that carries the token in browsers. */
    static final String COOKIE = "webhookdb.session";

    static final Duration LONG = Duration.ofDays(90);
    static final Duration SHORT = Duration.ofHours(2);

    private final Jdbi jdbi;

    public Sessions(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** Whom a request comes from, if its session is valid. */
    public Optional<Customer> customer(Request request) {
        String token = token(request);
        if (token.isEmpty() || ApiTokens.carriedBy(request)) {
            return Optional.empty();
        }
        return jdbi.withHandle(
                handle ->
                        handle.createQuery(
                                        "SELECT c.* FROM sessions s JOIN customers c ON c.id ="
                                                + " s.customer_id WHERE s.token_hash = :hash AND"
                                                + " s.expires_at > now()")
                                .bind("hash", Tokens.sha256(token))
                                .map(CustomerStore::customer)
                                .findOne());
    }

    /** A new session in the caller's transaction. */
    String open(Handle handle, Customer customer, Duration lifetime) {
        handle.execute("DELETE FROM sessions WHERE expires_at < now()");
        String token = Tokens.random();
        handle.createUpdate(
                        "INSERT INTO sessions (token_hash, customer_id, expires_at) VALUES (:hash,"
                                + " :customer, now() + make_interval(secs => :seconds))")
                .bind("hash", Tokens.sha256(token))
                .bind("customer", customer.id())
                .bind("seconds", (double) lifetime.toSeconds())
                .execute();
        return token;
    }

    /** Ends the session of a request, if it has one. */
    void close(Request request) {
        String token = token(request);
        jdbi.useTransaction(
                handle ->
                        handle.execute(
                                "DELETE FROM sessions WHERE token_hash = ?", Tokens.sha256(token)));
    }

    /** A cookie counts for pages of this api alone: browsers send it along for others, too. */
    private static String token(Request request) {
        String header = request.header(HEADER);
        if (!header.isEmpty()) {
            return header;
        }
        return request.isOfAnotherPage() ? "" : request.cookie(COOKIE);
    }
}
