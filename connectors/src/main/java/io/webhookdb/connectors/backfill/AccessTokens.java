package io.webhookdb.connectors.backfill;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Access tokens, kept in the heap until shortly before they end: one exchange serves all requests
 * of an account that come meanwhile. Thread-safe.
 */
final class AccessTokens {
    private static final Duration MARGIN = Duration.ofSeconds(60);
    private static final long USUAL_SECONDS = 3600;
    private static final int MOST_KEPT = 10_000;

    private final Function<ApiRequest, CompletableFuture<ApiAnswer>> exchange;
    private final Map<AccessGrant, CompletableFuture<Token>> tokens = new ConcurrentHashMap<>();
    private final BiConsumer<AccessGrant, String> renewed;

    /**
     * @param exchange asks the vendor
     * @param renewed told when the vendor handed out another refresh token in place of an owner's;
     *     on any thread
     */
    AccessTokens(
            Function<ApiRequest, CompletableFuture<ApiAnswer>> exchange,
            BiConsumer<AccessGrant, String> renewed) {
        this.exchange = exchange;
        this.renewed = renewed;
    }

    /**
     * @param refresh the refresh token that came with it; empty: none
     */
    private record Token(String text, Instant until, String refresh) {}

    /**
     * Carries a request out with the token it needs; once more with a fresh one if a kept one is
     * refused.
     *
     * @param send carries a request out that has its token
     */
    CompletableFuture<ApiAnswer> with(
            ApiRequest request, Function<ApiRequest, CompletableFuture<ApiAnswer>> send) {
        boolean kept = isKept(request.grant());
        return token(request.grant())
                .thenCompose(token -> send.apply(request.bearing(token.text())))
                .thenCompose(
                        answer -> {
                            if (answer.status() != 401 || !kept) {
                                return CompletableFuture.completedFuture(answer);
                            }
                            tokens.remove(request.grant());
                            return token(request.grant())
                                    .thenCompose(
                                            token -> send.apply(request.bearing(token.text())));
                        });
    }

    private boolean isKept(AccessGrant grant) {
        CompletableFuture<Token> known = tokens.get(grant);
        return known != null && isGood(known);
    }

    private static boolean isGood(CompletableFuture<Token> known) {
        return !known.isDone()
                || (!known.isCompletedExceptionally()
                        && known.join().until().isAfter(Instant.now()));
    }

    private CompletableFuture<Token> token(AccessGrant grant) {
        if (tokens.size() > MOST_KEPT) {
            tokens.clear();
        }
        AtomicReference<CompletableFuture<Token>> asked = new AtomicReference<>();
        CompletableFuture<Token> token =
                tokens.compute(
                        grant,
                        (key, known) -> {
                            if (known != null && isGood(known)) {
                                return known;
                            }
                            asked.set(
                                    exchange.apply(grant.request())
                                            .thenApply(answer -> read(answer, key)));
                            return asked.get();
                        });
        return asked.get() == null ? token : token.thenApply(made -> noted(made, grant));
    }

    /** Whoever has the new refresh token already is served by the same access token. */
    private Token noted(Token token, AccessGrant grant) {
        if (grant.holder() != null
                && !token.refresh().isEmpty()
                && !token.refresh().equals(grant.refreshToken())) {
            tokens.putIfAbsent(
                    grant.renewed(token.refresh()), CompletableFuture.completedFuture(token));
            renewed.accept(grant, token.refresh());
        }
        return token;
    }

    private static Token read(ApiAnswer answer, AccessGrant grant) {
        try {
            judge(answer, grant);
            JsonNode body = Json.MAPPER.readTree(answer.body());
            String text = body.path("access_token").asText("");
            if (text.isEmpty()) {
                throw new ApiException(
                        ApiFailure.UNREADABLE, "The API's answer has no access_token.");
            }
            long seconds = body.path("expires_in").asLong(USUAL_SECONDS);
            return new Token(
                    text,
                    answer.endedAt().plusSeconds(seconds).minus(MARGIN),
                    body.path("refresh_token").asText(""));
        } catch (ApiException e) {
            throw new CompletionException(e);
        } catch (IOException e) {
            throw new CompletionException(
                    new ApiException(
                            ApiFailure.UNREADABLE,
                            "The API's answer to a refresh token is no JSON."));
        }
    }

    /** A refused refresh token is told from a refused application (RFC 6749, section 5.2). */
    private static void judge(ApiAnswer answer, AccessGrant grant) throws ApiException {
        try {
            AnswerJudge.judge(answer, List.of());
        } catch (ApiException e) {
            String message = e.getMessage().replace(grant.refreshToken(), "***");
            ApiFailure failure =
                    e.failure() == ApiFailure.CONFIGURATION && isRefused(answer)
                            ? ApiFailure.REVOKED
                            : e.failure();
            throw new ApiException(failure, message, e.retryAt(), e.getCause());
        }
    }

    private static boolean isRefused(ApiAnswer answer) {
        try {
            JsonNode body = Json.MAPPER.readTree(answer.body());
            return body != null && body.path("error").asText("").equals("invalid_grant");
        } catch (IOException e) {
            return false;
        }
    }
}
