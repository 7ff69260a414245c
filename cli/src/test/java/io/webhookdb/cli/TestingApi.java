package io.webhookdb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.webhookdb.cli.api.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;

/**
 * The API as a script: it expects these requests in this order, answers each as told, and complains
 * about everything else: another method, path, query, body or header than the contract names.
 */
final class TestingApi implements AutoCloseable {
    static final String TOKEN = "session-token-of-ada";

    /** One expected request and its answer. */
    static final class Exchange {
        private final String line;
        private String body = "";
        private String token = TOKEN;
        private int status = 200;
        private String type = "application/json";
        private String answer = "{\"message\":\"\"}";
        private final Map<String, String> headers = new HashMap<>();

        private Exchange(String line) {
            this.line = line;
        }

        /** The JSON the request must carry. */
        Exchange with(String json) {
            this.body = json;
            return this;
        }

        Exchange withoutToken() {
            this.token = null;
            return this;
        }

        Exchange answers(String json) {
            return answers(200, json);
        }

        Exchange answers(int code, String json) {
            this.status = code;
            this.answer = json;
            return this;
        }

        Exchange as(String contentType) {
            this.type = contentType;
            return this;
        }

        Exchange header(String name, String value) {
            headers.put(name, value);
            return this;
        }
    }

    private final HttpServer server;
    private final Deque<Exchange> expected = new ArrayDeque<>();
    private final List<String> complaints = new ArrayList<>();
    private final List<String> received = new ArrayList<>();

    private TestingApi(HttpServer server) {
        this.server = server;
    }

    static TestingApi start() {
        // Head and body of an answer are two writes; without this the second waits 40 ms.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        try {
            HttpServer server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            TestingApi api = new TestingApi(server);
            server.createContext("/", api::handle);
            server.setExecutor(
                    Executors.newSingleThreadExecutor(
                            task -> {
                                Thread thread = new Thread(task, "testing-api");
                                thread.setDaemon(true);
                                return thread;
                            }));
            server.start();
            return api;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    Exchange expectGet(String pathAndQuery) {
        return expect("GET " + pathAndQuery);
    }

    Exchange expectPost(String pathAndQuery) {
        return expect("POST " + pathAndQuery);
    }

    Exchange expect(String line) {
        Exchange exchange = new Exchange(line);
        expected.add(exchange);
        return exchange;
    }

    /** Method and path of everything received, in order. */
    List<String> received() {
        return List.copyOf(received);
    }

    /** Fails unless exactly the expected requests came. */
    void assertSatisfied() {
        assertThat(complaints).isEmpty();
        assertThat(expected).extracting(exchange -> exchange.line).as("not requested").isEmpty();
    }

    private void handle(HttpExchange http) throws IOException {
        String line = http.getRequestMethod() + " " + http.getRequestURI();
        String body = new String(http.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        received.add(line);
        Exchange exchange = expected.poll();
        if (exchange == null) {
            complaints.add("Unexpected " + line + " " + body);
            answer(http, 500, "application/json", "{\"error\":{\"message\":\"unexpected\"}}");
            return;
        }
        complain(exchange, http, line, body);
        exchange.headers.forEach(http.getResponseHeaders()::add);
        answer(http, exchange.status, exchange.type, exchange.answer);
    }

    private void complain(Exchange exchange, HttpExchange http, String line, String body)
            throws IOException {
        check("request", exchange.line, line);
        if (exchange.body.isEmpty()) {
            check("body of " + line, "", body);
            check("content type of " + line, null, header(http, "Content-Type"));
        } else {
            check("body of " + line, tree(exchange.body), body.isEmpty() ? null : tree(body));
            check("content type of " + line, "application/json", header(http, "Content-Type"));
        }
        check("token of " + line, exchange.token, header(http, "Whdb-Auth-Token"));
        check("short session of " + line, "", header(http, "Whdb-Short-Session"));
        check("agents of " + line, header(http, "User-Agent"), header(http, "Whdb-User-Agent"));
        check("accept of " + line, null, header(http, "Accept"));
    }

    private static String header(HttpExchange http, String name) {
        return http.getRequestHeaders().getFirst(name);
    }

    private static JsonNode tree(String json) throws IOException {
        return Json.read(json);
    }

    private void check(String what, Object wanted, Object got) {
        if (!Objects.equals(wanted, got)) {
            complaints.add("%s: expected %s, got %s".formatted(what, wanted, got));
        }
    }

    private static void answer(HttpExchange http, int status, String type, String body)
            throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        if (!type.isEmpty()) {
            http.getResponseHeaders().add("Content-Type", type);
        }
        http.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        http.getResponseBody().write(bytes);
        http.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
