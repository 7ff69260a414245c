package io.webhookdb.connectors.webhook;

import io.webhookdb.schemas.status.DeliveryAttempt.Outcome;
import io.webhookdb.security.outbound.OutboundPolicy;
import io.webhookdb.security.outbound.OutboundRefusedException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.async.methods.SimpleRequestProducer;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.core5.concurrent.DefaultThreadFactory;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * Posts with Apache HttpClient, which unlike the JDK's client dials the addresses it is given
 * ({@link JudgedAddresses}) under the name the URL has. No redirects, cookies, credentials, proxies
 * or repetitions of its own; of an answer no more than {@link StatusConsumer#MOST_BYTES} are read.
 */
final class HttpWebhookSender implements WebhookSender {
    private static final int RESOLVERS = 8;
    private static final int MOST_UNRESOLVED = 10_000;

    private final WebhookSettings settings;
    private final ThreadPoolExecutor resolvers;
    private final Map<String, Lane> lanes;

    /** A client and what it may dial; one for each scheme. */
    private record Lane(JudgedAddresses addresses, CloseableHttpAsyncClient client) {}

    HttpWebhookSender(WebhookSettings settings) {
        this.settings = settings;
        resolvers =
                new ThreadPoolExecutor(
                        RESOLVERS,
                        RESOLVERS,
                        30,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(MOST_UNRESOLVED),
                        new DefaultThreadFactory("webhook-resolver", true));
        resolvers.allowCoreThreadTimeOut(true);
        OutboundPolicy policy = OutboundPolicy.parse(settings.outboundAllow());
        lanes = Map.of("http", lane(policy, "http"), "https", lane(policy, "https"));
    }

    private Lane lane(OutboundPolicy policy, String scheme) {
        JudgedAddresses addresses = new JudgedAddresses(policy, scheme);
        Timeout timeout = Timeout.of(settings.timeout());
        CloseableHttpAsyncClient client =
                HttpAsyncClients.custom()
                        .setConnectionManager(
                                PoolingAsyncClientConnectionManagerBuilder.create()
                                        .setDnsResolver(addresses)
                                        .setMaxConnTotal(settings.mostConnections())
                                        .setMaxConnPerRoute(settings.mostPerReceiver())
                                        .setDefaultTlsConfig(
                                                TlsConfig.custom()
                                                        .setVersionPolicy(
                                                                HttpVersionPolicy.FORCE_HTTP_1)
                                                        .setHandshakeTimeout(timeout)
                                                        .build())
                                        .setDefaultConnectionConfig(
                                                ConnectionConfig.custom()
                                                        .setConnectTimeout(timeout)
                                                        .setSocketTimeout(timeout)
                                                        .setTimeToLive(TimeValue.ofMinutes(2))
                                                        .setValidateAfterInactivity(
                                                                TimeValue.ofSeconds(1))
                                                        .build())
                                        .build())
                        .setDefaultRequestConfig(
                                RequestConfig.custom()
                                        .setRedirectsEnabled(false)
                                        .setAuthenticationEnabled(false)
                                        .setConnectionRequestTimeout(timeout)
                                        .setResponseTimeout(timeout)
                                        .build())
                        .setIOReactorConfig(
                                IOReactorConfig.custom()
                                        .setIoThreadCount(1)
                                        .setSoTimeout(timeout)
                                        .build())
                        .setThreadFactory(new DefaultThreadFactory("webhook-" + scheme, true))
                        .disableRedirectHandling()
                        .disableAutomaticRetries()
                        .disableCookieManagement()
                        .disableAuthCaching()
                        .evictIdleConnections(TimeValue.ofSeconds(30))
                        .build();
        client.start();
        return new Lane(addresses, client);
    }

    @Override
    public CompletableFuture<Answer> send(WebhookRequest request) {
        URI uri = request.uri();
        Lane lane =
                uri.getScheme() == null
                        ? null
                        : lanes.get(uri.getScheme().toLowerCase(java.util.Locale.ROOT));
        if (lane == null || uri.getHost() == null || uri.getRawUserInfo() != null) {
            return CompletableFuture.completedFuture(Answer.none(Outcome.MISCONFIGURED));
        }
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        CompletableFuture<Answer> limited =
                answer.orTimeout(settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
        try {
            resolvers.execute(() -> judgeAndPost(lane, request, answer));
        } catch (RejectedExecutionException e) {
            answer.completeExceptionally(e);
        }
        return limited.exceptionally(failure -> Answer.none(classify(failure)));
    }

    private void judgeAndPost(Lane lane, WebhookRequest request, CompletableFuture<Answer> answer) {
        if (answer.isDone()) {
            return;
        }
        try {
            lane.addresses().judge(request.uri().getHost());
            SimpleRequestBuilder post = SimpleRequestBuilder.post(request.uri());
            request.headers().forEach(post::setHeader);
            SimpleHttpRequest built =
                    post.setBody(request.body(), ContentType.APPLICATION_JSON).build();
            Future<Void> exchange =
                    lane.client()
                            .execute(
                                    SimpleRequestProducer.create(built),
                                    new StatusConsumer(answer),
                                    new Failed(answer));
            answer.whenComplete(
                    (done, failure) -> {
                        if (failure != null) {
                            exchange.cancel(true);
                        }
                    });
            // The head may be long here while the body drips: it does not hold the connection.
            CompletableFuture.delayedExecutor(settings.timeout().toMillis(), TimeUnit.MILLISECONDS)
                    .execute(() -> exchange.cancel(true));
        } catch (IOException | RuntimeException e) {
            answer.completeExceptionally(e);
        }
    }

    private record Failed(CompletableFuture<Answer> answer) implements FutureCallback<Void> {
        @Override
        public void completed(Void result) {
            // The answer was complete with its head.
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

    /** Every failure is a class of its own or a receiver that cannot be reached. */
    static Outcome classify(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof UnknownHostException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof OutboundRefusedException) {
            return Outcome.REFUSED;
        }
        return cause instanceof TimeoutException || cause instanceof SocketTimeoutException
                ? Outcome.TIMED_OUT
                : Outcome.UNREACHABLE;
    }

    @Override
    public void close() {
        resolvers.shutdownNow();
        lanes.values().forEach(lane -> lane.client().close(CloseMode.IMMEDIATE));
    }
}
