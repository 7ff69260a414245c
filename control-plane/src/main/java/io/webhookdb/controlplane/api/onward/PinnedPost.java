package io.webhookdb.controlplane.api.onward;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.webhookdb.controlplane.api.http.Json;
import io.webhookdb.security.connection.HttpSyncUrl;
import io.webhookdb.security.outbound.OutboundPolicy;
import io.webhookdb.security.outbound.Redirect;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * One JSON POST over HTTP/1.1 to the very address that was judged; the JDK's client would look the
 * name up again. Redirects are followed as deliveries follow them.
 */
final class PinnedPost {
    private static final int TIMEOUT_MILLIS = 3000;
    private static final int LONGEST_LINE = 1000;
    private static final String LOCATION = "Location:";
    private static final int MOST_HEADERS = 100;
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3})(?: .*)?");

    private final OutboundPolicy policy;

    PinnedPost(OutboundPolicy policy) {
        this.policy = policy;
    }

    /**
     * Returns if the answer's status says that it was taken.
     *
     * @throws IOException whose message may be shown
     */
    void send(HttpSyncUrl endpoint, Object body) throws IOException {
        HttpSyncUrl at = endpoint;
        for (int redirects = 0; redirects <= Redirect.MOST; redirects++) {
            Optional<URI> next = sendOnce(at, body);
            if (next.isEmpty()) {
                return;
            }
            boolean same = Redirect.keepsCredentials(at.target(), next.get());
            at = new HttpSyncUrl(next.get(), same ? at.user() : "", same ? at.password() : "");
        }
        throw new IOException("it redirects more than " + Redirect.MOST + " times");
    }

    private Optional<URI> sendOnce(HttpSyncUrl endpoint, Object body) throws IOException {
        URI target = endpoint.target();
        InetAddress address = policy.resolve(target).get(0);
        boolean encrypted = target.getScheme().equals("https");
        int port = target.getPort() > 0 ? target.getPort() : encrypted ? 443 : 80;
        Answer answer;
        try (Socket plain = new Socket()) {
            plain.setSoTimeout(TIMEOUT_MILLIS);
            plain.connect(new InetSocketAddress(address, port), TIMEOUT_MILLIS);
            try (Socket socket = encrypted ? encrypted(plain, target.getHost(), port) : plain) {
                socket.getOutputStream()
                        .write(request(endpoint, Json.MAPPER.writeValueAsBytes(body)));
                socket.getOutputStream().flush();
                answer = answer(socket.getInputStream());
            }
        } catch (SocketTimeoutException e) {
            throw new IOException("it did not answer within 3 seconds", e);
        } catch (SSLException e) {
            throw new IOException("its certificate is not trusted, or it speaks no TLS", e);
        } catch (java.net.SocketException e) {
            throw new IOException("the connection failed", e);
        }
        Optional<URI> next = Redirect.of(target, answer.status(), answer.location());
        if (next.isEmpty() && (answer.status() < 200 || answer.status() >= 300)) {
            throw new IOException("it answered with status " + answer.status());
        }
        return next;
    }

    private static Socket encrypted(Socket plain, String host, int port) throws IOException {
        SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
        SSLSocket socket = (SSLSocket) factory.createSocket(plain, host, port, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private static byte[] request(HttpSyncUrl endpoint, byte[] body) {
        URI target = endpoint.target();
        String path = target.getRawPath().isEmpty() ? "/" : target.getRawPath();
        String query = target.getRawQuery() == null ? "" : "?" + target.getRawQuery();
        String host = target.getRawAuthority();
        String credentials = endpoint.user() + ":" + endpoint.password();
        String authorization =
                credentials.equals(":")
                        ? ""
                        : "Authorization: Basic "
                                + Base64.getEncoder().encodeToString(credentials.getBytes(UTF_8))
                                + "\r\n";
        String head =
                "POST "
                        + path
                        + query
                        + " HTTP/1.1\r\nHost: "
                        + host
                        + "\r\n"
                        + authorization
                        + "User-Agent: WebhookDB\r\nContent-Type: application/json\r\n"
                        + "Content-Length: "
                        + body.length
                        + "\r\nConnection: close\r\n\r\n";
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(head.getBytes(ISO_8859_1));
        bytes.writeBytes(body);
        return bytes.toByteArray();
    }

    /** What counts of an answer. */
    private record Answer(int status, String location) {}

    private static Answer answer(InputStream stream) throws IOException {
        long deadline = System.nanoTime() + TIMEOUT_MILLIS * 1_000_000L;
        Matcher status = STATUS.matcher(line(stream, deadline));
        if (!status.matches()) {
            throw new IOException("it answered with something that is not HTTP");
        }
        int code = Integer.parseInt(status.group(1));
        String location = null;
        if (code >= 300 && code < 400) {
            int headers = 0;
            for (String line = line(stream, deadline);
                    !line.isEmpty() && headers < MOST_HEADERS;
                    line = line(stream, deadline), headers++) {
                if (line.regionMatches(true, 0, LOCATION, 0, LOCATION.length())) {
                    location = line.substring(LOCATION.length()).strip();
                }
            }
        }
        return new Answer(code, location);
    }

    /** Without its end; empty at the end of the headers, and of the stream. */
    private static String line(InputStream stream, long deadline) throws IOException {
        StringBuilder line = new StringBuilder();
        int next = stream.read();
        while (next >= 0 && next != '\n' && line.length() < LONGEST_LINE) {
            if (System.nanoTime() > deadline) {
                throw new SocketTimeoutException("slow answer");
            }
            line.append((char) next);
            next = stream.read();
        }
        return line.toString().strip();
    }
}
