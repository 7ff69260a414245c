package io.webhookdb.controlplane.outbound;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.webhookdb.security.outbound.OutboundPolicy;
import io.webhookdb.security.outbound.OutboundRefusedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * One POST over HTTP/1.1 to the very address that was judged; the JDK's client would look the name
 * up again. Of the answer only the status is read, and redirects are not followed.
 */
public final class PinnedPost {
    private static final int LONGEST_LINE = 1000;
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3})(?: .*)?");
    private static final Pattern HEADER_VALUE = Pattern.compile("[\\x20-\\x7e]*");

    private final OutboundPolicy policy;
    private final Duration limit;

    /** Calls what the policy allows; each step of a call may take as long as the limit. */
    public PinnedPost(OutboundPolicy policy, Duration limit) {
        this.policy = policy;
        this.limit = limit;
    }

    /**
     * Returns if the answer's status is 2xx.
     *
     * @param target {@code https} or {@code http}, without credentials
     * @throws IOException whose message may be shown: it holds nothing of the URL
     */
    public void send(URI target, Map<String, String> headers, byte[] body) throws IOException {
        int status;
        try {
            status = exchange(target, request(target, headers, body));
        } catch (OutboundRefusedException e) {
            throw new IOException("the address may not be called: " + e.getMessage(), e);
        } catch (UnknownHostException e) {
            throw new IOException("there is no such host", e);
        } catch (SocketTimeoutException e) {
            throw new IOException("it did not answer within " + limit.toSeconds() + " seconds", e);
        } catch (SSLException e) {
            throw new IOException("its certificate is not trusted, or it speaks no TLS", e);
        } catch (SocketException e) {
            throw new IOException("the connection failed", e);
        }
        if (status < 200 || status >= 300) {
            throw new IOException("it answered with status " + status);
        }
    }

    private int exchange(URI target, byte[] request) throws IOException {
        int millis = (int) limit.toMillis();
        InetAddress address = policy.resolve(target).get(0);
        boolean encrypted = target.getScheme().equalsIgnoreCase("https");
        int port = target.getPort() > 0 ? target.getPort() : encrypted ? 443 : 80;
        try (Socket plain = new Socket()) {
            plain.setSoTimeout(millis);
            plain.connect(new InetSocketAddress(address, port), millis);
            try (Socket socket = encrypted ? encrypted(plain, target.getHost(), port) : plain) {
                socket.getOutputStream().write(request);
                socket.getOutputStream().flush();
                return status(socket.getInputStream());
            }
        }
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

    private static byte[] request(URI target, Map<String, String> headers, byte[] body)
            throws IOException {
        String path = target.getRawPath().isEmpty() ? "/" : target.getRawPath();
        StringBuilder head = new StringBuilder("POST ").append(path);
        if (target.getRawQuery() != null) {
            head.append('?').append(target.getRawQuery());
        }
        head.append(" HTTP/1.1\r\nHost: ").append(target.getRawAuthority()).append("\r\n");
        for (Map.Entry<String, String> header : new TreeMap<>(headers).entrySet()) {
            if (!HEADER_VALUE.matcher(header.getValue()).matches()) {
                throw new IOException("header " + header.getKey() + " cannot be sent");
            }
            head.append(header.getKey()).append(": ").append(header.getValue()).append("\r\n");
        }
        head.append("User-Agent: WebhookDB\r\nContent-Length: ")
                .append(body.length)
                .append("\r\nConnection: close\r\n\r\n");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(head.toString().getBytes(ISO_8859_1));
        bytes.writeBytes(body);
        return bytes.toByteArray();
    }

    private int status(InputStream answer) throws IOException {
        long deadline = System.nanoTime() + limit.toNanos();
        StringBuilder line = new StringBuilder();
        int next = answer.read();
        while (next >= 0 && next != '\n' && line.length() < LONGEST_LINE) {
            if (System.nanoTime() > deadline) {
                throw new SocketTimeoutException("slow answer");
            }
            line.append((char) next);
            next = answer.read();
        }
        Matcher status = STATUS.matcher(line.toString().strip());
        if (!status.matches()) {
            throw new IOException("it answered with something that is not HTTP");
        }
        return Integer.parseInt(status.group(1));
    }
}
