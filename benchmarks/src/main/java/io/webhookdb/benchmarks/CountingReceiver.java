package io.webhookdb.benchmarks;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** Receives HTTP syncs and counts their rows. */
final class CountingReceiver implements AutoCloseable {
    static final String THREAD = "receiver";
    private static final int READ = 64 << 10;

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
        try (exchange) {
            byte[] buffer = new byte[READ];
            RowCount count = new RowCount();
            InputStream body = exchange.getRequestBody();
            for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
                count.read(buffer, read);
            }
            rows.addAndGet(count.rows);
            exchange.sendResponseHeaders(204, -1);
        }
    }

    /** Counts the objects in the array a page is: looks at each byte, and makes nothing of it. */
    private static final class RowCount {
        private static final int IN_ROWS = 2;

        private int depth;
        private boolean inText;
        private boolean escaped;
        private long rows;

        private void read(byte[] bytes, int length) {
            for (int i = 0; i < length; i++) {
                byte one = bytes[i];
                if (inText) {
                    inText = escaped || one != '"';
                    escaped = !escaped && one == '\\';
                } else if (one == '"') {
                    inText = true;
                } else if (one == '{' || one == '[') {
                    rows += depth == IN_ROWS ? 1 : 0;
                    depth++;
                } else if (one == '}' || one == ']') {
                    depth--;
                }
            }
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
