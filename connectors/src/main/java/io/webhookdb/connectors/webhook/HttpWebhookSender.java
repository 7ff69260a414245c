package io.webhookdb.connectors.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.webhookdb.connectors.outbound.JudgedAddresses;
import io.webhookdb.connectors.outbound.JudgedClient;
import io.webhookdb.connectors.outbound.NoAnswer;
import io.webhookdb.connectors.statefun.EndpointCaller;
import io.webhookdb.connectors.statefun.Timeouts;
import io.webhookdb.connectors.webhook.AnswerConsumer.CutOff;
import io.webhookdb.schemas.status.DeliveryAttempt.Outcome;
import io.webhookdb.security.outbound.OutboundPolicy;
import io.webhookdb.security.outbound.OutboundRefusedException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.hc.core5.concurrent.DefaultThreadFactory;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.Method;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.nio.AsyncRequestProducer;
import org.apache.hc.core5.http.nio.entity.BasicAsyncEntityProducer;
import org.apache.hc.core5.http.nio.support.BasicRequestProducer;

/**
 * Posts with Apache HttpClient, which unlike the JDK's client dials the addresses it is given
 * ({@link JudgedAddresses}) under the name the URL has. No redirects, cookies, credentials, proxies
 * or repetitions of its own; of an answer no more is read than is asked for.
 */
public final class HttpWebhookSender implements WebhookSender, EndpointCaller {
    private static final int RESOLVERS = 8;
    private static final int MOST_UNRESOLVED = 10_000;

    private final WebhookSettings settings;
    private final ThreadPoolExecutor resolvers;
    private final Timeouts timeouts;
    private final Map<String, JudgedClient> clients;

    /**
     * @param settings timeouts, limits and which addresses may be called
     */
    public HttpWebhookSender(WebhookSettings settings) {
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
        timeouts = new Timeouts(new DefaultThreadFactory("webhook-timeouts", true));
        OutboundPolicy policy = OutboundPolicy.parse(settings.outboundAllow());
        clients =
                JudgedClient.byScheme(
                        policy,
                        new JudgedClient.Limits(
                                // The request's own timeout is shorter or the same; this one frees
                                // what is left over.
                                "webhook",
                                WebhookSettings.LONGEST_TIMEOUT,
                                settings.mostConnections(),
                                settings.mostPerReceiver()));
    }

    @Override
    public CompletableFuture<Answer> send(WebhookRequest request) {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        Optional<JudgedClient> client = client(request.uri());
        if (client.isEmpty()) {
            return CompletableFuture.completedFuture(
                    Answer.none(
                            Outcome.MISCONFIGURED,
                            "The URL has no host, a user, or another scheme than https or http."));
        }
        post(
                client.get(),
                request,
                new AnswerConsumer<>(
                        answer,
                        AnswerConsumer.Limits.HEAD,
                        (head, start) ->
                                start.length == 0 ? head : head.saying(new String(start, UTF_8))));
        return answer.exceptionally(HttpWebhookSender::unanswered);
    }

    @Override
    public CompletableFuture<EndpointAnswer> call(
            URI endpoint, String contentType, byte[] body, Duration limit, int mostBytes) {
        CompletableFuture<EndpointAnswer> answer = new CompletableFuture<>();
        Optional<JudgedClient> client = client(endpoint);
        if (client.isEmpty()) {
            return CompletableFuture.failedFuture(
                    new IOException("The endpoint is no http:// or https:// URL with a host"));
        }
        post(
                client.get(),
                new WebhookRequest(
                        endpoint,
                        Map.of("Content-Type", contentType, "User-Agent", settings.userAgent()),
                        body,
                        limit),
                new AnswerConsumer<>(
                        answer,
                        new AnswerConsumer.Limits(mostBytes, mostBytes, CutOff.FAILED),
                        (head, whole) -> new EndpointAnswer(head.status(), whole)));
        return answer;
    }

    private Optional<JudgedClient> client(URI uri) {
        boolean isUsable =
                uri.getScheme() != null && uri.getHost() != null && uri.getRawUserInfo() == null;
        return isUsable
                ? Optional.ofNullable(clients.get(uri.getScheme().toLowerCase(Locale.ROOT)))
                : Optional.empty();
    }

    private void post(JudgedClient client, WebhookRequest request, AnswerConsumer<?> answer) {
        Exchange exchange = new Exchange(client, request, answer);
        exchange.limit = timeouts.start(request.timeout(), exchange::end);
        if (client.addresses().isJudged(request.uri().getHost())) {
            exchange.start();
        } else {
            try {
                resolvers.execute(exchange::judgeAndStart);
            } catch (RejectedExecutionException e) {
                exchange.failed(e);
            }
        }
    }

    /** One request, until nothing of it is left: its connection may outlast its answer. */
    private static final class Exchange implements FutureCallback<Void> {
        private final JudgedClient client;
        private final WebhookRequest request;
        private final AnswerConsumer<?> answer;
        private volatile Timeouts.Limit limit;
        private volatile Future<Void> running;

        private Exchange(JudgedClient client, WebhookRequest request, AnswerConsumer<?> answer) {
            this.client = client;
            this.request = request;
            this.answer = answer;
        }

        private void judgeAndStart() {
            try {
                client.addresses().judge(request.uri().getHost());
                start();
            } catch (IOException | RuntimeException e) {
                failed(e);
            }
        }

        private void start() {
            if (limit.isEnded()) {
                return;
            }
            BasicHttpRequest post = new BasicHttpRequest(Method.POST, request.uri());
            request.headers().forEach(post::addHeader);
            AsyncRequestProducer producer =
                    new BasicRequestProducer(
                            post, new BasicAsyncEntityProducer(request.body(), null));
            running = client.client().execute(producer, answer, this);
            if (limit.isEnded() && !running.isDone()) {
                running.cancel(true);
            }
        }

        /** The time is over. */
        private void end() {
            answer.late();
            if (running != null) {
                running.cancel(true);
            }
        }

        @Override
        public void completed(Void result) {
            limit.end();
        }

        @Override
        public void failed(Exception failure) {
            limit.end();
            answer.settle(failure);
        }

        @Override
        public void cancelled() {
            failed(new IOException("cancelled"));
        }
    }

    /** Every failure is a class of its own or a receiver that cannot be reached. */
    private static Answer unanswered(Throwable failure) {
        Optional<OutboundRefusedException> refused =
                NoAnswer.find(failure, OutboundRefusedException.class);
        if (refused.isPresent()) {
            return Answer.none(Outcome.REFUSED, refused.get().getMessage() + ".");
        }
        return Answer.none(
                NoAnswer.isLate(failure) ? Outcome.TIMED_OUT : Outcome.UNREACHABLE,
                NoAnswer.why(failure));
    }

    @Override
    public void close() {
        timeouts.close();
        resolvers.shutdownNow();
        clients.values().forEach(JudgedClient::close);
    }
}
