package io.webhookdb.connectors.backfill;

import io.webhookdb.connectors.outbound.JudgedClient;
import io.webhookdb.security.outbound.OutboundPolicy;
import io.webhookdb.security.outbound.OutboundRefusedException;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.async.methods.SimpleRequestProducer;
import org.apache.hc.core5.concurrent.DefaultThreadFactory;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.ContentType;

/**
 * Asks vendors' APIs, at addresses that were judged. Redirects are followed where the request may
 * go, each address judged anew. No cookies, proxies or repetitions of its own. Thread-safe.
 */
final class VendorClient implements AutoCloseable {
    private static final int RESOLVERS = 8;
    private static final int MOST_UNRESOLVED = 10_000;
    private static final int MOST_REDIRECTS = 5;

    private final BackfillSettings settings;
    private final ThreadPoolExecutor resolvers;
    private final Map<String, JudgedClient> clients;
    private final AccessTokens tokens;

    /**
     * @param renewed told when a vendor handed out another refresh token in place of an owner's; on
     *     any thread
     */
    VendorClient(BackfillSettings settings, BiConsumer<AccessGrant, String> renewed) {
        this.settings = settings;
        this.tokens = new AccessTokens(this::send, renewed);
        resolvers =
                new ThreadPoolExecutor(
                        RESOLVERS,
                        RESOLVERS,
                        30,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(MOST_UNRESOLVED),
                        new DefaultThreadFactory("backfill-resolver", true));
        resolvers.allowCoreThreadTimeOut(true);
        OutboundPolicy policy = OutboundPolicy.parse(settings.outboundAllow());
        clients =
                JudgedClient.byScheme(
                        policy,
                        new JudgedClient.Limits(
                                "backfill",
                                settings.requestTimeout(),
                                settings.mostRequests(),
                                settings.mostRequests()));
    }

    /**
     * Asks.
     *
     * @return any answer, whatever its status; or exceptionally {@link ApiException}: transient
     *     without one, configuration where the address may not be called
     */
    CompletableFuture<ApiAnswer> ask(ApiRequest request) {
        return request.grant() == null ? send(request) : tokens.with(request, this::send);
    }

    private CompletableFuture<ApiAnswer> send(ApiRequest request) {
        return send(request, MOST_REDIRECTS);
    }

    private CompletableFuture<ApiAnswer> send(ApiRequest request, int redirects) {
        return once(request)
                .thenCompose(
                        answer ->
                                request.redirected(answer)
                                        .filter(target -> redirects > 0)
                                        .map(target -> send(target, redirects - 1))
                                        .orElseGet(
                                                () -> CompletableFuture.completedFuture(answer)));
    }

    private CompletableFuture<ApiAnswer> once(ApiRequest request) {
        URI uri = request.uri();
        JudgedClient client = clients.get(uri.getScheme().toLowerCase(Locale.ROOT));
        if (client == null || uri.getRawUserInfo() != null) {
            return CompletableFuture.failedFuture(
                    new ApiException(
                            ApiFailure.CONFIGURATION,
                            "The API's address is no URL of the form https://host/path."));
        }
        CompletableFuture<ApiAnswer> answer = new CompletableFuture<>();
        CompletableFuture<ApiAnswer> limited =
                answer.orTimeout(settings.requestTimeout().toMillis(), TimeUnit.MILLISECONDS);
        try {
            resolvers.execute(() -> judgeAndAsk(client, request, answer));
        } catch (RejectedExecutionException e) {
            answer.completeExceptionally(e);
        }
        return limited;
    }

    private void judgeAndAsk(
            JudgedClient client, ApiRequest request, CompletableFuture<ApiAnswer> answer) {
        if (answer.isDone()) {
            return;
        }
        try {
            client.addresses().judge(request.uri().getHost());
            SimpleRequestBuilder asked = builder(request);
            request.headers().forEach(asked::setHeader);
            Instant startedAt = Instant.now(Clock.systemUTC());
            Future<ApiAnswer> exchange =
                    client.client()
                            .execute(
                                    SimpleRequestProducer.create(asked.build()),
                                    new AnswerConsumer(startedAt, settings.mostAnswerBytes()),
                                    new Ended(answer));
            answer.whenComplete(
                    (done, failure) -> {
                        if (failure != null) {
                            exchange.cancel(true);
                        }
                    });
        } catch (IOException | RuntimeException e) {
            answer.completeExceptionally(e);
        }
    }

    private static SimpleRequestBuilder builder(ApiRequest request) {
        if (request.content() != null) {
            return SimpleRequestBuilder.create(request.content().method())
                    .setUri(request.uri())
                    .setBody(request.content().json(), ContentType.APPLICATION_JSON);
        }
        return request.form() == null
                ? SimpleRequestBuilder.get(request.uri())
                : SimpleRequestBuilder.post(request.uri())
                        .setBody(request.form(), ContentType.APPLICATION_FORM_URLENCODED);
    }

    /** What a failed {@link #ask} failed of, for a person. */
    static ApiException failure(Throwable failure, URI uri) {
        Throwable cause = failure;
        while (cause.getCause() != null
                && (cause instanceof java.util.concurrent.CompletionException
                        || cause instanceof java.net.UnknownHostException)) {
            cause = cause.getCause();
        }
        if (cause instanceof ApiException known) {
            return known;
        }
        if (cause instanceof OutboundRefusedException) {
            return new ApiException(ApiFailure.CONFIGURATION, cause.getMessage() + ".");
        }
        String what =
                cause instanceof java.util.concurrent.TimeoutException
                                || cause instanceof java.net.SocketTimeoutException
                        ? " did not answer in time"
                        : cause instanceof java.net.UnknownHostException
                                ? " cannot be found"
                                : " cannot be reached (" + cause.getClass().getSimpleName() + ")";
        return new ApiException(ApiFailure.TRANSIENT, uri.getHost() + what + ".", null, cause);
    }

    private record Ended(CompletableFuture<ApiAnswer> answer) implements FutureCallback<ApiAnswer> {
        @Override
        public void completed(ApiAnswer result) {
            answer.complete(result);
        }

        @Override
        public void failed(Exception failure) {
            answer.completeExceptionally(failure);
        }

        @Override
        public void cancelled() {
            answer.completeExceptionally(new IOException("cancelled"));
        }
    }

    @Override
    public void close() {
        resolvers.shutdownNow();
        clients.values().forEach(JudgedClient::close);
    }
}
