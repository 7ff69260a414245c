package io.webhookdb.connectors.metrics;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.prometheus.client.exporter.HTTPServer;
import io.webhookdb.security.tls.ReloadingKeyManager;
import io.webhookdb.security.tls.TlsFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Iterator;
import javax.net.ssl.SSLContext;
import org.apache.flink.metrics.prometheus.OpenPrometheusReporter;
import org.apache.flink.util.PortRange;

/**
 * What Flink's Prometheus reporter serves, under the same names, over TLS 1.2 and 1.3 only. The
 * certificate is read again when its files change.
 */
final class HttpsPrometheusReporter extends OpenPrometheusReporter {
    private final HTTPServer server;

    /**
     * Starts to answer on the first port that is free.
     *
     * @param host address to listen on; empty for all
     * @param pause between two looks at the certificate's files
     * @throws IllegalArgumentException naming the certificate's file that cannot be used, and why
     * @throws UncheckedIOException if no port can be used
     */
    HttpsPrometheusReporter(String host, PortRange ports, TlsFiles files, Duration pause) {
        SSLContext tls = new ReloadingKeyManager(files, pause, log::warn).context();
        try {
            HttpsServer listener = listener(host, ports);
            listener.setHttpsConfigurator(new HttpsConfigurator(tls));
            this.server = new HTTPServer(listener, registry(), true);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Metrics cannot be served on %s:%s: %s".formatted(host, ports, e.getMessage()),
                    e);
        }
        log.info("Metrics are served over TLS on {}:{}", host, port());
    }

    private static HttpsServer listener(String host, PortRange ports) throws IOException {
        IOException refused = new IOException("there is no port in the range");
        for (Iterator<Integer> left = ports.getPortsIterator(); left.hasNext(); ) {
            try {
                int port = left.next();
                return HttpsServer.create(
                        host.isEmpty()
                                ? new InetSocketAddress(port)
                                : new InetSocketAddress(host, port),
                        0);
            } catch (IOException taken) {
                refused = taken;
            }
        }
        throw refused;
    }

    int port() {
        return server.getPort();
    }

    @Override
    public void close() {
        server.stop();
        super.close();
    }
}
