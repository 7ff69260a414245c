package io.webhookdb.controlplane.api.onward;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An HTTP server on loopback that keeps what it was sent. */
final class TestingReceiver implements AutoCloseable {
    /** Prefix of paths that are answered with a redirect to what follows it. */
    private static final String MOVED = "/moved";

    private final HttpServer server;
    private final List<Received> received = new CopyOnWriteArrayList<>();

    record Received(String method, String path, String authorization, String body) {}

    private TestingReceiver(int status) {
        try {
            this.server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext(
                "/",
                exchange -> {
                    received.add(
                            new Received(
                                    exchange.getRequestMethod(),
                                    exchange.getRequestURI().toString(),
                                    exchange.getRequestHeaders().getFirst("Authorization"),
                                    new String(
                                            exchange.getRequestBody().readAllBytes(),
                                            StandardCharsets.UTF_8)));
                    String path = exchange.getRequestURI().toString();
                    if (path.startsWith(MOVED)) {
                        exchange.getResponseHeaders()
                                .add("Location", path.substring(MOVED.length()));
                    }
                    exchange.sendResponseHeaders(path.startsWith(MOVED) ? 307 : status, -1);
                    exchange.close();
                });
        server.start();
    }

    static TestingReceiver answering(int status) {
        return new TestingReceiver(status);
    }

    /** {@code host:port}. */
    String authority() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    List<Received> received() {
        return received;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
