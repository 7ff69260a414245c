package io.webhookdb.connectors.sync;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * SendMessageBatch of SQS's JSON protocol on loopback, strict: whatever the service would refuse is
 * refused, and a signature that is not the one Signature Version 4 gives for the request as it came
 * is a wrong one.
 */
final class SqsEmulator implements AutoCloseable {
    static final String KEY = "AKIDEXAMPLE";
    static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    private static final Pattern AUTHORIZATION =
            Pattern.compile(
                    "AWS4-HMAC-SHA256 Credential=([^/]+)/(\\d{8})/eu-west-1/sqs/aws4_request,"
                            + " SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})");

    private final HttpServer server;
    private final List<JsonNode> messages = new CopyOnWriteArrayList<>();
    private final Set<String> deduplicated = new HashSet<>();
    private volatile String failing = "";
    private volatile int batches;

    SqsEmulator() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    String url(String queue) {
        return "sqs://%s:%s@eu-west-1/123456789012/%s?endpoint=http://127.0.0.1:%d"
                .formatted(
                        KEY,
                        java.net.URLEncoder.encode(SECRET, UTF_8),
                        queue,
                        server.getAddress().getPort());
    }

    /** Envelopes in the order they came, each with its entry under {@code entry}. */
    List<JsonNode> messages() {
        return messages;
    }

    int batches() {
        return batches;
    }

    /** Fails every entry with this code from now on; none if empty. */
    void fail(String code) {
        failing = code;
    }

    void clear() {
        messages.clear();
        deduplicated.clear();
        batches = 0;
        failing = "";
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String error = error(exchange, body);
            ObjectNode answer =
                    error.isEmpty()
                            ? take(TestingRow.JSON.readTree(body))
                            : TestingRow.JSON.createObjectNode().put("__type", error);
            byte[] bytes = answer.toString().getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
            exchange.sendResponseHeaders(error.isEmpty() ? 200 : 400, bytes.length);
            exchange.getResponseBody().write(bytes);
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    private String error(HttpExchange exchange, byte[] body) throws Exception {
        if (!exchange.getRequestMethod().equals("POST")
                || !exchange.getRequestURI().toString().equals("/")
                || !"application/x-amz-json-1.0"
                        .equals(exchange.getRequestHeaders().getFirst("Content-Type"))
                || !"AmazonSQS.SendMessageBatch"
                        .equals(exchange.getRequestHeaders().getFirst("X-Amz-Target"))) {
            return "com.amazon.coral.service#UnknownOperationException";
        }
        if (!isSigned(exchange, body)) {
            return "com.amazon.coral.service#SignatureDoesNotMatch";
        }
        JsonNode request = TestingRow.JSON.readTree(body);
        String queue = request.path("QueueUrl").asText();
        if (!queue.matches("http://127.0.0.1:\\d+/123456789012/rows(\\.fifo)?")) {
            return "com.amazonaws.sqs#QueueDoesNotExist";
        }
        JsonNode entries = request.path("Entries");
        if (entries.size() < 1 || entries.size() > 10) {
            return "com.amazonaws.sqs#TooManyEntriesInBatchRequest";
        }
        int bytes = 0;
        Set<String> ids = new HashSet<>();
        for (JsonNode entry : entries) {
            bytes += entry.path("MessageBody").asText().getBytes(UTF_8).length;
            boolean hasGroup = entry.hasNonNull("MessageGroupId");
            if (!ids.add(entry.path("Id").asText())
                    || !entry.path("Id").asText().matches("[A-Za-z0-9_-]{1,80}")
                    || hasGroup != queue.endsWith(".fifo")
                    || entry.path("MessageGroupId").asText().length() > 128
                    || entry.path("MessageDeduplicationId").asText().length() > 128) {
                return "com.amazonaws.sqs#InvalidParameterValue";
            }
        }
        return bytes > 262_144 ? "com.amazonaws.sqs#BatchRequestTooLong" : "";
    }

    private synchronized ObjectNode take(JsonNode request) throws IOException {
        batches++;
        ObjectNode answer = TestingRow.JSON.createObjectNode();
        for (JsonNode entry : request.path("Entries")) {
            ObjectNode told =
                    answer.withArray(failing.isEmpty() ? "Successful" : "Failed")
                            .addObject()
                            .put("Id", entry.path("Id").asText());
            if (!failing.isEmpty()) {
                told.put("Code", failing).put("SenderFault", true);
                continue;
            }
            String once = entry.path("MessageDeduplicationId").asText();
            if (once.isEmpty() || deduplicated.add(once)) {
                ObjectNode message =
                        (ObjectNode) TestingRow.JSON.readTree(entry.path("MessageBody").asText());
                messages.add(message.set("entry", entry));
            }
        }
        return answer;
    }

    /** As in the AWS General Reference, Signature Version 4. */
    private static boolean isSigned(HttpExchange exchange, byte[] body) throws Exception {
        String header = exchange.getRequestHeaders().getFirst("Authorization");
        Matcher authorization = AUTHORIZATION.matcher(header == null ? "" : header);
        String date = exchange.getRequestHeaders().getFirst("X-Amz-Date");
        if (!authorization.matches()
                || !authorization.group(1).equals(KEY)
                || date == null
                || !date.startsWith(authorization.group(2))) {
            return false;
        }
        List<String> names = List.of(authorization.group(3).split(";"));
        if (!names.containsAll(List.of("host", "x-amz-date", "x-amz-target", "content-type"))) {
            return false;
        }
        List<String> lines = new ArrayList<>(List.of("POST", "/", ""));
        for (String name : names) {
            lines.add(name + ":" + exchange.getRequestHeaders().getFirst(name).strip());
        }
        lines.add("");
        lines.add(authorization.group(3));
        lines.add(sha256(body));
        String scope = authorization.group(2) + "/eu-west-1/sqs/aws4_request";
        String toSign =
                String.join(
                        "\n",
                        "AWS4-HMAC-SHA256",
                        date,
                        scope,
                        sha256(String.join("\n", lines).getBytes(UTF_8)));
        byte[] key = ("AWS4" + SECRET).getBytes(UTF_8);
        for (String part : scope.split("/")) {
            key = hmac(key, part);
        }
        return HexFormat.of().formatHex(hmac(key, toSign)).equals(authorization.group(4));
    }

    private static byte[] hmac(byte[] key, String text) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(UTF_8));
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
