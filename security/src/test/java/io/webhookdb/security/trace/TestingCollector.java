package io.webhookdb.security.trace;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Takes spans over OTLP, as the bytes they came in. */
final class TestingCollector implements AutoCloseable {
    private final Queue<String> received = new ConcurrentLinkedQueue<>();
    private final HttpServer server;

    TestingCollector() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/v1/traces",
                exchange -> {
                    try (exchange) {
                        received.add(
                                new String(exchange.getRequestBody().readAllBytes(), ISO_8859_1));
                        exchange.sendResponseHeaders(200, -1);
                    }
                });
        server.start();
    }

    /** The variables that have spans sent here, in clear text and at once. */
    Map<String, String> environment() {
        return Map.of(
                "OTEL_EXPORTER_OTLP_ENDPOINT",
                "http://127.0.0.1:" + server.getAddress().getPort(),
                "OTEL_EXPORTER_OTLP_COMPRESSION",
                "none",
                "OTEL_BSP_SCHEDULE_DELAY",
                "10");
    }

    /** Whether something came that holds the text, or the id as bytes. */
    boolean has(String text) {
        return received.stream().anyMatch(body -> body.contains(text));
    }

    boolean hasId(String hex) {
        return has(new String(HexFormat.of().parseHex(hex), ISO_8859_1));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
