package io.webhookdb.connectors.sync;

import io.webhookdb.connectors.outbound.JudgedClient;
import io.webhookdb.schemas.trace.TraceContext;
import io.webhookdb.security.outbound.OutboundPolicy;
import io.webhookdb.security.outbound.OutboundRefusedException;
import io.webhookdb.security.outbound.UserAgent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hc.client5.http.async.methods.AbstractBinResponseConsumer;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.async.methods.SimpleRequestProducer;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.nio.AsyncRequestProducer;
import org.apache.hc.core5.http.nio.support.AsyncRequestBuilder;
import org.apache.hc.core5.http.protocol.HttpContext;

/**
 * Posts to the addresses that were judged, over connections that are kept. Redirects are for the
 * caller to follow. Blocks; thread-safe.
 */
final class HttpPosts implements AutoCloseable {
    /** A longer answer costs the other side the connection. */
    private static final int MOST_ANSWER = 64 << 10;

    /**
     * How long the rest of an answer whose head is known may take; then the connection is closed.
     */
    private static final Duration LONGEST_REST = Duration.ofSeconds(1);

    private final Map<String, JudgedClient> clients;
    private final Duration timeout;

    private HttpPosts(Map<String, JudgedClient> clients, Duration timeout) {
        this.clients = clients;
        this.timeout = timeout;
    }

    /**
     * Started clients.
     *
     * @param timeout longest wait for an answer, from the first byte sent
     * @param connections most at once
     */
    static HttpPosts start(OutboundPolicy policy, Duration timeout, int connections) {
        return new HttpPosts(
                JudgedClient.byScheme(
                        policy,
                        new JudgedClient.Limits("sync-http", timeout, connections, connections)),
                timeout);
    }

    /**
     * What counts of an answer.
     *
     * @param location null without one
     * @param body empty unless it was asked for
     */
    record Answer(int status, String location, byte[] body) {}

    /**
     * Sends the body as JSON; of the answer the head counts.
     *
     * @param trace goes along; null if the body is in none
     * @throws OutboundRefusedException if the address may not be called
     * @throws IOException if there is no answer in time
     */
    Answer send(HttpUrl url, PageBody body, TraceContext trace) throws IOException {
        AsyncRequestBuilder post =
                AsyncRequestBuilder.post(url.uri())
                        .setEntity(new PartsProducer(body))
                        .setHeader(HttpHeaders.USER_AGENT, UserAgent.VALUE);
        if (url.authorization() != null) {
            post.setHeader(HttpHeaders.AUTHORIZATION, url.authorization());
        }
        if (trace != null) {
            trace.headers(post::setHeader);
        }
        PageSignature.headers(url, body, Instant.now(Clock.systemUTC())).forEach(post::setHeader);
        return exchange(url.uri(), post.build(), new Reading(Wanted.HEAD));
    }

    /**
     * Sends the body under these headers; the whole answer counts.
     *
     * @throws OutboundRefusedException if the address may not be called
     * @throws IOException if there is no answer in time, or too long a one
     */
    Answer call(URI uri, Map<String, String> headers, byte[] body) throws IOException {
        SimpleRequestBuilder post = SimpleRequestBuilder.post(uri).setBody(body, null);
        headers.forEach(post::setHeader);
        return exchange(uri, SimpleRequestProducer.create(post.build()), new Reading(Wanted.WHOLE));
    }

    private Answer exchange(URI uri, AsyncRequestProducer request, Reading reading)
            throws IOException {
        JudgedClient client = clients.get(uri.getScheme());
        client.addresses().judge(uri.getHost());
        Future<Void> exchange = client.client().execute(request, reading, reading.end);
        try {
            Answer answer = reading.answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            endRest(exchange, reading);
            return answer;
        } catch (TimeoutException e) {
            exchange.cancel(true);
            throw new SocketTimeoutException("No answer within " + timeout);
        } catch (InterruptedException e) {
            exchange.cancel(true);
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failure
                    ? failure
                    : new IOException(e.getCause());
        }
    }

    /**
     * Who talks on without end gets no further page meanwhile, and keeps no connection: all targets
     * share them.
     */
    private static void endRest(Future<Void> exchange, Reading reading)
            throws InterruptedException {
        try {
            reading.rest.get(LONGEST_REST.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            exchange.cancel(true);
        } catch (ExecutionException e) {
            // The connection is closed; the answer counts.
            return;
        }
    }

    /** How much of an answer is waited for. */
    private enum Wanted {
        /** What follows is read only so that the connection can be kept. */
        HEAD,
        WHOLE
    }

    @Override
    public void close() {
        clients.values().forEach(JudgedClient::close);
    }

    /** Reads one answer. */
    private static final class Reading extends AbstractBinResponseConsumer<Void> {
        private final CompletableFuture<Answer> answer = new CompletableFuture<>();

        /** Done when nothing more comes. */
        private final CompletableFuture<Void> rest = new CompletableFuture<>();

        private final ByteArrayOutputStream body = new ByteArrayOutputStream(0);
        private final Wanted wanted;
        private Answer head;
        private int read;

        private Reading(Wanted wanted) {
            this.wanted = wanted;
        }

        private final FutureCallback<Void> end =
                new FutureCallback<>() {
                    @Override
                    public void completed(Void result) {
                        answer.complete(
                                new Answer(head.status(), head.location(), body.toByteArray()));
                        rest.complete(null);
                    }

                    @Override
                    public void failed(Exception failure) {
                        answer.completeExceptionally(failure);
                        rest.completeExceptionally(failure);
                    }

                    @Override
                    public void cancelled() {
                        failed(new IOException("cancelled"));
                    }
                };

        @Override
        protected void start(HttpResponse response, ContentType type) {
            Header location = response.getFirstHeader(HttpHeaders.LOCATION);
            head =
                    new Answer(
                            response.getCode(),
                            location == null ? null : location.getValue(),
                            new byte[0]);
            if (wanted == Wanted.HEAD) {
                answer.complete(head);
            }
        }

        @Override
        protected int capacityIncrement() {
            return MOST_ANSWER;
        }

        @Override
        protected void data(ByteBuffer source, boolean isEnd) throws IOException {
            read += source.remaining();
            if (wanted == Wanted.WHOLE) {
                byte[] part = new byte[source.remaining()];
                source.get(part);
                body.writeBytes(part);
            } else {
                source.position(source.limit());
            }
            if (read > MOST_ANSWER) {
                throw new IOException("The answer is longer than " + MOST_ANSWER + " bytes");
            }
        }

        @Override
        protected Void buildResult() {
            return null;
        }

        @Override
        public void informationResponse(HttpResponse response, HttpContext context) {
            // Not the answer yet.
        }

        @Override
        public void releaseResources() {
            // Holds none.
        }
    }
}
