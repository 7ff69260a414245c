package io.webhookdb.jobs.sync;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An HTTP receiver on loopback that keeps what it gets. */
final class TestingReceiver implements AutoCloseable {
    private final ObjectMapper json = new ObjectMapper();
    private final List<JsonNode> bodies = new CopyOnWriteArrayList<>();
    private final List<String> authorizations = new CopyOnWriteArrayList<>();
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private volatile int status = 200;

    private final Before before;

    /** What is waited for before anything is read. */
    interface Before {
        void await() throws InterruptedException;
    }

    TestingReceiver() throws IOException {
        this(() -> {});
    }

    TestingReceiver(Before before) throws IOException {
        this.before = before;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::receive);
        server.setExecutor(threads);
        server.start();
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            before.await();
            JsonNode body = json.readTree(exchange.getRequestBody());
            if (status < 400) {
                bodies.add(body);
                authorizations.add(exchange.getRequestHeaders().getFirst("Authorization"));
            }
            exchange.sendResponseHeaders(status, -1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Answers with this status from now on. */
    void answer(int other) {
        status = other;
    }

    String url(String path) {
        return "http://us%40er:pass%2Fword@127.0.0.1:" + server.getAddress().getPort() + path;
    }

    List<JsonNode> bodies() {
        return bodies;
    }

    List<String> authorizations() {
        return authorizations;
    }

    /** The last thing received of each row, by remote key. */
    Map<String, JsonNode> rows() {
        Map<String, JsonNode> rows = new LinkedHashMap<>();
        for (JsonNode body : bodies) {
            body.get("rows").forEach(row -> rows.put(row.get("stripe_id").asText(), row));
        }
        return rows;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
