package io.webhookdb.standalone.demo;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Takes webhooks and pages of an HTTP sync; keeps the greatest balance seen of each customer. */
final class ChaosReceiver implements AutoCloseable {
    private final JsonMapper json = new JsonMapper(new JsonFactory());
    private final ExecutorService threads = Executors.newFixedThreadPool(8);
    private final Map<String, Integer> delivered = new ConcurrentHashMap<>();
    private final Map<String, Integer> synced = new ConcurrentHashMap<>();
    private final HttpServer server;

    ChaosReceiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 500);
        server.setExecutor(threads);
        server.createContext(
                "/hook", exchange -> take(exchange, body -> note(delivered, body.path("row"))));
        server.createContext(
                "/sync",
                exchange ->
                        take(
                                exchange,
                                body -> body.path("rows").forEach(row -> note(synced, row))));
        server.start();
    }

    private interface Taker {
        void take(JsonNode body);
    }

    private void take(HttpExchange exchange, Taker taker) throws IOException {
        try (exchange) {
            taker.take(json.readTree(exchange.getRequestBody()));
            exchange.sendResponseHeaders(200, -1);
        }
    }

    private static void note(Map<String, Integer> seen, JsonNode row) {
        if (row.hasNonNull("stripe_id")) {
            seen.merge(row.path("stripe_id").asText(), row.path("balance").asInt(), Math::max);
        }
    }

    String url(String path) {
        return "127.0.0.1:" + server.getAddress().getPort() + path;
    }

    /** By webhooks. */
    Map<String, Integer> delivered() {
        return delivered;
    }

    /** By the HTTP sync. */
    Map<String, Integer> synced() {
        return synced;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
