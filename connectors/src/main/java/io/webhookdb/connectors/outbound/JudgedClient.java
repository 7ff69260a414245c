package io.webhookdb.connectors.outbound;

import io.webhookdb.security.outbound.OutboundPolicy;
import java.time.Duration;
import java.util.Map;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.core5.concurrent.DefaultThreadFactory;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * An HTTP/1.1 client of one scheme that dials only judged addresses. No redirects, cookies,
 * credentials, proxies or repetitions of its own.
 *
 * @param addresses what it may dial; {@link JudgedAddresses#judge} before each request
 * @param client started
 */
public record JudgedClient(JudgedAddresses addresses, CloseableHttpAsyncClient client)
        implements AutoCloseable {

    /** A head without end would fill the heap: the library itself knows no limit. */
    private static final Http1Config HEADS =
            Http1Config.custom().setMaxLineLength(64 << 10).setMaxHeaderCount(1000).build();

    /**
     * What a client may use.
     *
     * @param threads name of its threads
     * @param timeout longest wait for a connection and for each part of an answer
     * @param connections most connections
     * @param perHost most connections to one host
     */
    public record Limits(String threads, Duration timeout, int connections, int perHost) {}

    /** Started clients by scheme: {@code http} and {@code https}. */
    public static Map<String, JudgedClient> byScheme(OutboundPolicy policy, Limits limits) {
        return Map.of(
                "http", start(policy, "http", limits), "https", start(policy, "https", limits));
    }

    private static JudgedClient start(OutboundPolicy policy, String scheme, Limits limits) {
        JudgedAddresses addresses = new JudgedAddresses(policy, scheme);
        Timeout timeout = Timeout.of(limits.timeout());
        CloseableHttpAsyncClient client =
                HttpAsyncClients.custom()
                        .setConnectionManager(
                                PoolingAsyncClientConnectionManagerBuilder.create()
                                        .setDnsResolver(addresses)
                                        .setMaxConnTotal(limits.connections())
                                        .setMaxConnPerRoute(limits.perHost())
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
                        .setHttp1Config(HEADS)
                        .setIOReactorConfig(
                                IOReactorConfig.custom()
                                        .setIoThreadCount(1)
                                        .setSoTimeout(timeout)
                                        .build())
                        .setThreadFactory(
                                new DefaultThreadFactory(limits.threads() + "-" + scheme, true))
                        .disableRedirectHandling()
                        .disableAutomaticRetries()
                        .disableCookieManagement()
                        .disableAuthCaching()
                        .evictIdleConnections(TimeValue.ofSeconds(30))
                        .build();
        client.start();
        return new JudgedClient(addresses, client);
    }

    /** At once, whatever is on its way. */
    @Override
    public void close() {
        client.close(CloseMode.IMMEDIATE);
    }
}
