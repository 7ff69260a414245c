package io.webhookdb.controlplane.outbound;

import io.webhookdb.security.outbound.UserAgent;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.util.Timeout;

/**
 * An HTTP/1.1 client that dials only addresses it is given with a request, never a name. No
 * redirects, cookies, credentials, proxies, decompression, kept connections or repetitions.
 */
final class PinnedClient {
    private static final int CONNECTIONS = 64;

    private PinnedClient() {}

    static CloseableHttpClient of(Duration limit) {
        Timeout timeout = Timeout.of(limit);
        return HttpClients.custom()
                .setConnectionManager(
                        PoolingHttpClientConnectionManagerBuilder.create()
                                .setDnsResolver(new Nobody())
                                .setMaxConnTotal(CONNECTIONS)
                                .setMaxConnPerRoute(CONNECTIONS)
                                .setDefaultConnectionConfig(
                                        ConnectionConfig.custom()
                                                .setConnectTimeout(timeout)
                                                .setSocketTimeout(timeout)
                                                .build())
                                .setDefaultSocketConfig(
                                        SocketConfig.custom().setSoTimeout(timeout).build())
                                .build())
                .setDefaultRequestConfig(
                        RequestConfig.custom()
                                .setConnectionRequestTimeout(timeout)
                                .setResponseTimeout(timeout)
                                .build())
                .setConnectionReuseStrategy((request, response, context) -> false)
                .setUserAgent(UserAgent.VALUE)
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression()
                .build();
    }

    /** Asked only if an address got lost on the way: better no call than an unjudged one. */
    private static final class Nobody implements DnsResolver {
        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            throw new UnknownHostException("No address was judged for this call");
        }

        @Override
        public String resolveCanonicalHostname(String host) {
            return host;
        }
    }
}
