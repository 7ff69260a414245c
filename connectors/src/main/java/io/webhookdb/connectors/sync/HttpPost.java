package io.webhookdb.connectors.sync;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * One POST over a connection of its own to a given address, of whose answer the status counts, and
 * the header Location. The address is dialled as it was judged, which the JDK's clients do not
 * offer; name and certificate are still the URL's. Redirects are for the caller to follow.
 */
final class HttpPost {
    private static final int LONGEST_LINE = 8_192;
    private static final String LOCATION = "Location:";
    private static final int MOST_HEADERS = 100;
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3})( .*)?");

    private final HttpUrl url;
    private final Duration timeout;
    private final ScheduledExecutorService clock;

    HttpPost(HttpUrl url, Duration timeout, ScheduledExecutorService clock) {
        this.url = url;
        this.timeout = timeout;
        this.clock = clock;
    }

    /** What counts of an answer; the location is null without one. */
    record Answer(int status, String location) {}

    /**
     * Sends the body.
     *
     * @return the answer, with status 200 or above
     * @throws IOException if there is no answer in time
     */
    Answer send(InetAddress address, byte[] body) throws IOException {
        try (Socket plain = new Socket()) {
            // Closing is the only way to interrupt a receiver that takes the body byte by byte.
            ScheduledFuture<?> deadline =
                    clock.schedule(() -> close(plain), timeout.toMillis(), TimeUnit.MILLISECONDS);
            try {
                int millis = (int) timeout.toMillis();
                plain.connect(new InetSocketAddress(address, url.port()), millis);
                plain.setSoTimeout(millis);
                plain.setTcpNoDelay(true);
                Socket socket = url.isEncrypted() ? encrypted(plain) : plain;
                OutputStream out = socket.getOutputStream();
                out.write(head(body.length));
                out.write(body);
                out.flush();
                return answer(socket.getInputStream());
            } finally {
                deadline.cancel(false);
            }
        }
    }

    private Socket encrypted(Socket plain) throws IOException {
        SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
        SSLSocket socket =
                (SSLSocket) factory.createSocket(plain, url.uri().getHost(), url.port(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private byte[] head(int length) {
        StringBuilder head = new StringBuilder("POST ").append(url.requestTarget());
        head.append(" HTTP/1.1\r\nHost: ").append(url.authority());
        head.append("\r\nContent-Type: application/json\r\nContent-Length: ").append(length);
        if (url.authorization() != null) {
            head.append("\r\nAuthorization: ").append(url.authorization());
        }
        head.append("\r\nUser-Agent: WebhookDB\r\nAccept: */*\r\nConnection: close\r\n\r\n");
        return head.toString().getBytes(ISO_8859_1);
    }

    /** Interim answers (100 to 199) are skipped. */
    private static Answer answer(InputStream in) throws IOException {
        while (true) {
            Matcher line = STATUS.matcher(line(in));
            if (!line.matches()) {
                throw new IOException("The receiver does not answer in HTTP/1.1");
            }
            int status = Integer.parseInt(line.group(1));
            if (status >= 200) {
                return new Answer(status, status < 400 && status >= 300 ? location(in) : null);
            }
            while (!line(in).isEmpty()) {
                continue;
            }
        }
    }

    private static String location(InputStream in) throws IOException {
        String location = null;
        int headers = 0;
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            if (line.regionMatches(true, 0, LOCATION, 0, LOCATION.length())) {
                location = line.substring(LOCATION.length()).strip();
            }
            if (++headers > MOST_HEADERS) {
                throw new IOException("The receiver answers with too many headers");
            }
        }
        return location;
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0 || line.size() == LONGEST_LINE) {
                throw new IOException("The receiver closed the connection without an answer");
            }
            line.write(next);
        }
        String text = line.toString(ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // Whoever waits on it finds out by itself.
            return;
        }
    }
}
