package io.webhookdb.controlplane.provisioner.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.webhookdb.security.tls.ReloadingKeyManager;
import io.webhookdb.security.tls.TlsFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /metrics} for Prometheus and {@code /healthz}, on a port of their own, also over TLS. */
public final class MetricsServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MetricsServer.class);
    private static final Duration PAUSE = Duration.ofSeconds(10);
    private static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final HttpServer server;
    private final ExecutorService thread = Executors.newSingleThreadExecutor();

    private MetricsServer(HttpServer server) {
        this.server = server;
    }

    /**
     * Starts to answer.
     *
     * @param port 0 for a free one
     * @param tls certificate to show, read again when it changes; plain HTTP without one
     * @throws IllegalArgumentException naming the certificate's file that cannot be used, and why
     * @throws UncheckedIOException if the port cannot be used
     */
    public static MetricsServer start(
            String host, int port, ControlMetrics metrics, Optional<TlsFiles> tls) {
        try {
            MetricsServer started =
                    new MetricsServer(listener(new InetSocketAddress(host, port), tls));
            started.server.setExecutor(started.thread);
            started.server.createContext(
                    "/metrics", exchange -> answer(exchange, "/metrics", metrics.scrape()));
            started.server.createContext(
                    "/healthz", exchange -> answer(exchange, "/healthz", "ok\n"));
            started.server.start();
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Metrics cannot be served on " + host + ":" + port + ": " + e.getMessage(), e);
        }
    }

    private static HttpServer listener(InetSocketAddress address, Optional<TlsFiles> tls)
            throws IOException {
        if (tls.isEmpty()) {
            return HttpServer.create(address, 0);
        }
        ReloadingKeyManager keys = new ReloadingKeyManager(tls.get(), PAUSE, LOG::warn);
        HttpsServer server = HttpsServer.create(address, 0);
        server.setHttpsConfigurator(new HttpsConfigurator(keys.context()));
        return server;
    }

    /** The port it listens on. */
    public int port() {
        return server.getAddress().getPort();
    }

    private static void answer(HttpExchange exchange, String path, String text) throws IOException {
        try (exchange) {
            boolean found = exchange.getRequestURI().getPath().equals(path);
            byte[] body = (found ? text : "Not found\n").getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", CONTENT_TYPE);
            exchange.sendResponseHeaders(found ? 200 : 404, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        thread.shutdownNow();
    }
}
