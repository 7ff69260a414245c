package io.webhookdb.jobs.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.ToIntFunction;

/** A subscriber on loopback that remembers what it got. */
final class TestingReceiver implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private volatile ToIntFunction<Received> status = one -> 200;

    /** One POST. */
    record Received(String attempt, String test, String secret, JsonNode body, long at) {
        String id() {
            return body.get("id").textValue();
        }
    }

    TestingReceiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    private void handle(HttpExchange exchange) throws IOException {
        Received one =
                new Received(
                        exchange.getRequestHeaders().getFirst("Whdb-Attempt"),
                        exchange.getRequestHeaders().getFirst("Whdb-Test-Event"),
                        exchange.getRequestHeaders().getFirst("Whdb-Webhook-Secret"),
                        new JsonMapper().readTree(exchange.getRequestBody().readAllBytes()),
                        System.nanoTime());
        int answer = status.applyAsInt(one);
        received.add(one);
        exchange.sendResponseHeaders(answer, -1);
        exchange.close();
    }

    void answers(ToIntFunction<Received> other) {
        status = other;
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    List<Received> received() {
        return received;
    }

    List<String> ids() {
        return received.stream().map(Received::id).toList();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
