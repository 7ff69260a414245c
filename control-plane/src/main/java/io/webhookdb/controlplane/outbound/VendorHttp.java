package io.webhookdb.controlplane.outbound;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.webhookdb.security.outbound.OutboundPolicy;
import io.webhookdb.security.outbound.OutboundRefusedException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.support.ClassicRequestBuilder;
import org.apache.hc.core5.io.CloseMode;

/**
 * Asks vendors' APIs, at the very addresses the policy judged. No redirects, cookies, proxies or
 * repetitions of its own. Blocks; thread-safe.
 */
public final class VendorHttp implements AutoCloseable {
    private static final int MOST_BYTES = 4 << 20;
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final OutboundPolicy policy;
    private final CloseableHttpClient client;

    /**
     * @param limit longest wait for a connection and for each part of an answer
     */
    public VendorHttp(OutboundPolicy policy, Duration limit) {
        this.policy = policy;
        this.client = PinnedClient.of(limit);
    }

    /**
     * An answer.
     *
     * @param body a missing node if it is no JSON
     */
    public record Answer(int status, JsonNode body) {
        /** Whether the vendor did what it was asked for. */
        public boolean isSuccess() {
            return status >= 200 && status < 300;
        }
    }

    /**
     * Asks.
     *
     * @param body what is sent; null: nothing
     * @throws IOException whose message may be shown: it holds no header and nothing of the body
     */
    public Answer ask(
            String method, URI uri, Map<String, String> headers, String contentType, byte[] body)
            throws IOException {
        ClassicRequestBuilder request = ClassicRequestBuilder.create(method).setUri(uri);
        headers.forEach(request::setHeader);
        if (body != null) {
            request.setEntity(body, ContentType.parse(contentType));
        }
        return execute(host(uri), request.build());
    }

    private HttpHost host(URI uri) throws IOException {
        try {
            InetAddress address = policy.resolve(uri).get(0);
            HttpHost named = HttpHost.create(uri);
            return new HttpHost(
                    named.getSchemeName(), address, named.getHostName(), named.getPort());
        } catch (OutboundRefusedException e) {
            throw new IOException(e.getMessage(), e);
        } catch (UnknownHostException e) {
            throw new IOException(uri.getHost() + " cannot be found", e);
        }
    }

    private Answer execute(HttpHost host, ClassicHttpRequest request) throws IOException {
        try (ClassicHttpResponse response = client.executeOpen(host, request, null)) {
            return new Answer(
                    response.getCode(),
                    response.getEntity() == null
                            ? MAPPER.missingNode()
                            : json(response.getEntity().getContent()));
        } catch (IOException e) {
            throw new IOException(
                    host.getHostName()
                            + " cannot be reached ("
                            + e.getClass().getSimpleName()
                            + ")",
                    e);
        }
    }

    private static JsonNode json(InputStream content) throws IOException {
        byte[] bytes = content.readNBytes(MOST_BYTES + 1);
        if (bytes.length > MOST_BYTES) {
            return MAPPER.missingNode();
        }
        try {
            JsonNode body = MAPPER.readTree(bytes);
            return body == null ? MAPPER.missingNode() : body;
        } catch (IOException e) {
            // An error page; its status says enough.
            return MAPPER.missingNode();
        }
    }

    @Override
    public void close() {
        client.close(CloseMode.GRACEFUL);
    }
}
