package io.webhookdb.jobs.delivery;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** Answers 200 to every request and counts them, as cheaply as can be. */
final class CountingReceiver implements AutoCloseable {
    private static final byte[] OK =
            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(US_ASCII);

    private final ServerSocket server = new ServerSocket(0, 500, InetAddress.getLoopbackAddress());
    private final ExecutorService threads =
            Executors.newCachedThreadPool(
                    task -> {
                        Thread thread = new Thread(task, "receiver");
                        thread.setDaemon(true);
                        return thread;
                    });
    private final AtomicLong count = new AtomicLong();

    CountingReceiver() throws IOException {
        threads.execute(
                () -> {
                    while (!server.isClosed()) {
                        try {
                            Socket socket = server.accept();
                            threads.execute(() -> serve(socket));
                        } catch (IOException e) {
                            return;
                        }
                    }
                });
    }

    private void serve(Socket socket) {
        try (socket;
                InputStream in = new BufferedInputStream(socket.getInputStream(), 1 << 14)) {
            socket.setTcpNoDelay(true);
            OutputStream out = socket.getOutputStream();
            StringBuilder line = new StringBuilder();
            int length = 0;
            for (int c = in.read(); c >= 0; c = in.read()) {
                if (c != '\n') {
                    line.append((char) c);
                    continue;
                }
                String text = line.toString().strip().toLowerCase(Locale.ROOT);
                line.setLength(0);
                if (text.startsWith("content-length:")) {
                    length = Integer.parseInt(text.substring(15).strip());
                } else if (text.isEmpty()) {
                    in.skipNBytes(length);
                    count.incrementAndGet();
                    out.write(OK);
                    length = 0;
                }
            }
        } catch (IOException e) {
            // The sender closed a connection it keeps no longer.
            return;
        }
    }

    String url() {
        return "http://127.0.0.1:" + server.getLocalPort() + "/";
    }

    long count() {
        return count.get();
    }

    @Override
    public void close() throws IOException {
        server.close();
        threads.shutdownNow();
    }
}
