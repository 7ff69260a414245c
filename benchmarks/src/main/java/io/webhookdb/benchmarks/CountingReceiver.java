package io.webhookdb.benchmarks;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** Receives HTTP syncs and counts their rows. */
final class CountingReceiver implements AutoCloseable {
    static final String THREAD = "receiver";
    private static final JsonFactory JSON = new JsonFactory();

    private final AtomicLong rows = new AtomicLong();
    private final ExecutorService threads =
            Executors.newCachedThreadPool(work -> new Thread(work, THREAD));
    private final HttpServer server;

    CountingReceiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::receive);
        server.setExecutor(threads);
        server.start();
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange;
                JsonParser json = JSON.createParser(exchange.getRequestBody())) {
            long count = 0;
            while (json.nextToken() != null) {
                boolean isRows =
                        json.currentToken() == JsonToken.START_ARRAY
                                && "rows".equals(json.currentName());
                while (isRows && json.nextToken() == JsonToken.START_OBJECT) {
                    json.skipChildren();
                    count++;
                }
            }
            rows.addAndGet(count);
            exchange.sendResponseHeaders(204, -1);
        }
    }

    long rows() {
        return rows.get();
    }

    String url() {
        return "http://u:p@127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
