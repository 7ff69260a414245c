package io.webhookdb.controlplane.outbound;

import io.webhookdb.security.outbound.OutboundPolicy;
import io.webhookdb.security.outbound.OutboundRefusedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.concurrent.DefaultThreadFactory;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;

/**
 * POSTs to the very address that was judged; of the answer only the status and where it points are
 * read, and redirects are the caller's to follow. Each POST has a connection of its own and ends
 * within the limit, whatever the receiver does. Thread-safe.
 */
public final class JudgedPost {
    private static final Pattern HEADER_VALUE = Pattern.compile("[\\x20-\\x7e]*");

    private final OutboundPolicy policy;
    private final Duration limit;
    private final CloseableHttpClient client;
    private final ScheduledThreadPoolExecutor clock;

    /** Calls what the policy allows; a call takes no longer than the limit. */
    public JudgedPost(OutboundPolicy policy, Duration limit) {
        this.policy = policy;
        this.limit = limit;
        this.client = PinnedClient.of(limit);
        this.clock =
                new ScheduledThreadPoolExecutor(
                        1, new DefaultThreadFactory("judged-post-limit", true));
        clock.setRemoveOnCancelPolicy(true);
    }

    /**
     * What counts of an answer.
     *
     * @param location value of the header Location; null without one
     */
    public record Answer(int status, String location) {
        /** Whether the status says that the POST was taken. */
        public boolean isTaken() {
            return status >= 200 && status < 300;
        }

        /** Why it was not. */
        public IOException refusal() {
            return new IOException("it answered with status " + status);
        }
    }

    /**
     * Sends a body once.
     *
     * @param target {@code https} or {@code http}, without credentials
     * @throws OutboundRefusedException if the address may not be called
     * @throws UnknownHostException if there is no such host
     * @throws IOException whose message may be shown: it holds nothing of the URL
     */
    public Answer send(URI target, Map<String, String> headers, byte[] body) throws IOException {
        InetAddress address = policy.resolve(target).get(0);
        HttpPost post = new HttpPost(target);
        for (Map.Entry<String, String> header : headers.entrySet()) {
            if (!HEADER_VALUE.matcher(header.getValue()).matches()) {
                throw new IOException("header " + header.getKey() + " cannot be sent");
            }
            post.setHeader(header.getKey(), header.getValue());
        }
        post.setEntity(new ByteArrayEntity(body, null));
        AtomicBoolean late = new AtomicBoolean();
        ScheduledFuture<?> end =
                clock.schedule(
                        () -> {
                            late.set(true);
                            post.cancel();
                        },
                        limit.toMillis(),
                        TimeUnit.MILLISECONDS);
        HttpHost named = HttpHost.create(target);
        HttpHost host =
                new HttpHost(named.getSchemeName(), address, named.getHostName(), named.getPort());
        // Closed without reading the rest: an answer may have no end.
        try (ClassicHttpResponse answer = client.executeOpen(host, post, null)) {
            Header location = answer.getFirstHeader(HttpHeaders.LOCATION);
            return new Answer(answer.getCode(), location == null ? null : location.getValue());
        } catch (IOException e) {
            throw new IOException(late.get() ? slow() : reason(e), e);
        } finally {
            end.cancel(false);
        }
    }

    private String reason(IOException failure) {
        if (failure instanceof SocketTimeoutException) {
            return slow();
        }
        if (failure instanceof SSLException) {
            return "its certificate is not trusted, or it speaks no TLS";
        }
        return failure instanceof SocketException
                ? "the connection failed"
                : "it answered with something that is not HTTP";
    }

    private String slow() {
        return "it did not answer within " + limit.toSeconds() + " seconds";
    }
}
