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
import java.util.Locale;
import java.util.Map;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.support.ClassicRequestBuilder;
import org.apache.hc.core5.util.Timeout;

/**
 * Asks vendors' APIs, at the very addresses the policy judged. No redirects, cookies, proxies or
 * repetitions of its own. Blocks; thread-safe.
 */
public final class VendorHttp implements AutoCloseable {
    private static final int MOST_BYTES = 4 << 20;
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final Map<String, CloseableHttpClient> clients;

    /**
     * @param limit longest wait for a connection and for each part of an answer
     */
    public VendorHttp(OutboundPolicy policy, Duration limit) {
        clients =
                Map.of("http", client(policy, "http", limit), "https", client(policy, "https", limit));
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
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        CloseableHttpClient client = clients.get(scheme);
        if (client == null || uri.getHost() == null || uri.getRawUserInfo() != null) {
            throw new IOException("The API's address is no URL of the form https://host/path");
        }
        ClassicRequestBuilder request = ClassicRequestBuilder.create(method).setUri(uri);
        headers.forEach(request::setHeader);
        if (body != null) {
            request.setEntity(body, ContentType.parse(contentType));
        }
        return execute(client, uri, request.build());
    }

    private static Answer execute(CloseableHttpClient client, URI uri, ClassicHttpRequest request)
            throws IOException {
        try {
            return client.execute(
                    request,
                    response ->
                            new Answer(
                                    response.getCode(),
                                    response.getEntity() == null
                                            ? MAPPER.missingNode()
                                            : json(response.getEntity().getContent())));
        } catch (UnknownHostException e) {
            throw new IOException(
                    e.getCause() instanceof OutboundRefusedException refused
                            ? refused.getMessage()
                            : uri.getHost() + " cannot be found",
                    e);
        } catch (IOException e) {
            throw new IOException(
                    uri.getHost() + " cannot be reached (" + e.getClass().getSimpleName() + ")", e);
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

    private static CloseableHttpClient client(
            OutboundPolicy policy, String scheme, Duration limit) {
        Timeout timeout = Timeout.of(limit);
        return HttpClients.custom()
                .setConnectionManager(
                        PoolingHttpClientConnectionManagerBuilder.create()
                                .setDnsResolver(new Judged(policy, scheme))
                                .setDefaultConnectionConfig(
                                        ConnectionConfig.custom()
                                                .setConnectTimeout(timeout)
                                                .setSocketTimeout(timeout)
                                                .build())
                                .build())
                .setDefaultRequestConfig(
                        RequestConfig.custom()
                                .setRedirectsEnabled(false)
                                .setAuthenticationEnabled(false)
                                .setConnectionRequestTimeout(timeout)
                                .setResponseTimeout(timeout)
                                .build())
                .setUserAgent("WebhookDB")
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableAuthCaching()
                .build();
    }

    private record Judged(OutboundPolicy policy, String scheme) implements DnsResolver {
        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            try {
                return policy.resolve(scheme, host).toArray(new InetAddress[0]);
            } catch (OutboundRefusedException e) {
                UnknownHostException refused = new UnknownHostException(e.getMessage());
                refused.initCause(e);
                throw refused;
            }
        }

        @Override
        public String resolveCanonicalHostname(String host) {
            return host;
        }
    }

    @Override
    public void close() {
        clients.values().forEach(client -> client.close(org.apache.hc.core5.io.CloseMode.GRACEFUL));
    }
}
