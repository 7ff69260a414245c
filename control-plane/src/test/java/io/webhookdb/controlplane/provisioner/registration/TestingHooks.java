package io.webhookdb.controlplane.provisioner.registration;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** The part of Stripe, GitHub, Shopify and ConvertKit that keeps webhook endpoints, on loopback. */
public final class TestingHooks implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final AtomicInteger ids = new AtomicInteger(100);
    private final Map<Integer, ObjectNode> hooks = new ConcurrentSkipListMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> authorizations = new CopyOnWriteArrayList<>();
    private volatile int refusal;

    public TestingHooks() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** What is registered, as the vendor keeps it, secrets included. */
    public List<ObjectNode> hooks() {
        return List.copyOf(hooks.values());
    }

    /** Method and path of every request. */
    public List<String> requests() {
        return requests;
    }

    List<String> authorizations() {
        return authorizations;
    }

    /** As a vendor drops endpoints that fail. */
    public void forget() {
        hooks.clear();
    }

    /** From now on everything is answered with that status; 0: not any more. */
    void refuse(int status) {
        refusal = status;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            requests.add(exchange.getRequestMethod() + " " + path);
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            authorizations.add(
                    authorization == null
                            ? exchange.getRequestHeaders().getFirst("X-Shopify-Access-Token")
                            : authorization);
            if (refusal != 0) {
                send(
                        exchange,
                        refusal,
                        JSON.createObjectNode().put("message", "No right to hooks"));
                return;
            }
            switch (exchange.getRequestMethod()) {
                case "GET" -> send(exchange, 200, listed(path));
                case "POST" -> send(exchange, 201, create(path, exchange));
                default -> {
                    hooks.remove(Integer.valueOf(path.substring(path.lastIndexOf('/') + 1)));
                    exchange.sendResponseHeaders(204, -1);
                }
            }
        }
    }

    private JsonNode listed(String path) {
        ArrayNode all = JSON.createArrayNode();
        if (path.endsWith("/automations/hooks")) {
            hooks.values().forEach(hook -> all.addObject().set("rule", rule(hook)));
            return all;
        }
        hooks.values().forEach(hook -> all.add(withoutSecret(hook)));
        if (path.endsWith("/hooks")) {
            return all;
        }
        return JSON.createObjectNode()
                .set(path.endsWith("webhooks.json") ? "webhooks" : "data", all);
    }

    /** As ConvertKit lists it: the event without the word before the full stop. */
    private static ObjectNode rule(ObjectNode hook) {
        ObjectNode rule = hook.deepCopy();
        ((ObjectNode) rule.get("event"))
                .put("name", hook.at("/event/name").asText().replaceFirst("^[^.]*\\.", ""));
        return rule;
    }

    private ObjectNode create(String path, HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        int id = ids.incrementAndGet();
        ObjectNode hook;
        if (path.endsWith("webhook_endpoints")) {
            hook = form(body);
            hook.put("secret", "whsec_" + id);
        } else {
            JsonNode read = JSON.readTree(body);
            hook = (ObjectNode) (read.has("webhook") ? read.get("webhook") : read);
        }
        hook.put("id", id);
        hooks.put(id, hook);
        return path.endsWith("webhook_endpoints") ? hook : withoutSecret(hook);
    }

    private static ObjectNode form(String body) {
        ObjectNode hook = JSON.createObjectNode();
        for (String pair : body.split("&")) {
            String name = URLDecoder.decode(pair.substring(0, pair.indexOf('=')), UTF_8);
            String value = URLDecoder.decode(pair.substring(pair.indexOf('=') + 1), UTF_8);
            if (name.endsWith("[]")) {
                hook.withArray("/" + name.substring(0, name.length() - 2)).add(value);
            } else {
                hook.put(name, value);
            }
        }
        return hook;
    }

    private static ObjectNode withoutSecret(ObjectNode hook) {
        ObjectNode shown = hook.deepCopy();
        shown.remove("secret");
        if (shown.get("config") instanceof ObjectNode config) {
            config.put("secret", "********");
        }
        return shown;
    }

    private static void send(HttpExchange exchange, int status, JsonNode body) throws IOException {
        byte[] bytes = body.toString().getBytes(UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
