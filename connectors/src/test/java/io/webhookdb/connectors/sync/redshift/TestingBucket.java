package io.webhookdb.connectors.sync.redshift;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * One bucket in memory: PUT and DELETE, each with a signature computed here anew from what arrived
 * (AWS General Reference, "Signature Version 4 signing process").
 */
public final class TestingBucket implements AutoCloseable {
    public static final String NAME = "acme-loads";
    public static final String REGION = "eu-west-1";
    public static final String KEY = "AKIATESTING";
    public static final String SECRET = "wJalr/XUtn+FEMI=";

    private static final Pattern AUTHORIZATION =
            Pattern.compile(
                    "AWS4-HMAC-SHA256 Credential=([^/]+)/(\\d{8})/([^/]+)/s3/aws4_request,"
                            + " ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})");

    private final HttpServer server;
    private final Map<String, byte[]> objects = new ConcurrentSkipListMap<>();
    private final Map<String, byte[]> ever = new ConcurrentHashMap<>();

    public TestingBucket() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", this::answer);
        server.start();
    }

    /** Where objects are. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/" + NAME + "/");
    }

    /** Keys of all objects. */
    public Iterable<String> keys() {
        return objects.keySet();
    }

    /** Everything that was ever written. */
    public Map<String, byte[]> ever() {
        return ever;
    }

    byte[] object(String key) {
        return objects.get(key);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(status(exchange, body), -1);
        }
    }

    private int status(HttpExchange exchange, byte[] body) {
        String path = exchange.getRequestURI().getRawPath();
        if (!isSigned(exchange, body)) {
            return 403;
        }
        if (!path.startsWith("/" + NAME + "/")) {
            return 404;
        }
        String key = path.substring(NAME.length() + 2);
        switch (exchange.getRequestMethod()) {
            case "PUT":
                objects.put(key, body);
                ever.put(key, body);
                return 200;
            case "DELETE":
                objects.remove(key);
                return 204;
            default:
                return 405;
        }
    }

    private static boolean isSigned(HttpExchange exchange, byte[] body) {
        Headers headers = exchange.getRequestHeaders();
        Matcher match = AUTHORIZATION.matcher(String.valueOf(headers.getFirst("Authorization")));
        if (!match.matches() || !match.group(1).equals(KEY) || !match.group(3).equals(REGION)) {
            return false;
        }
        try {
            String hash = hex(MessageDigest.getInstance("SHA-256").digest(body));
            if (!hash.equals(headers.getFirst("x-amz-content-sha256"))) {
                return false;
            }
            StringBuilder canonical = new StringBuilder(exchange.getRequestMethod());
            canonical.append('\n').append(exchange.getRequestURI().getRawPath()).append("\n\n");
            for (String name : match.group(4).split(";")) {
                canonical.append(name).append(':').append(headers.getFirst(name).strip());
                canonical.append('\n');
            }
            canonical.append('\n').append(match.group(4)).append('\n').append(hash);
            String scope = match.group(2) + "/" + REGION + "/s3/aws4_request";
            String toSign =
                    "AWS4-HMAC-SHA256\n"
                            + headers.getFirst("X-Amz-Date")
                            + "\n"
                            + scope
                            + "\n"
                            + hex(
                                    MessageDigest.getInstance("SHA-256")
                                            .digest(canonical.toString().getBytes(UTF_8)));
            byte[] secret = ("AWS4" + SECRET).getBytes(UTF_8);
            for (String part : scope.split("/")) {
                secret = hmac(secret, part);
            }
            return hex(hmac(secret, toSign)).equals(match.group(5));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(UTF_8));
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
