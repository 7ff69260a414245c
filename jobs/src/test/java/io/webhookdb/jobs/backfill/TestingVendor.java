package io.webhookdb.jobs.backfill;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.webhookdb.schemas.catalog.Backfill;
import io.webhookdb.schemas.catalog.BackfillPagination;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * A vendor's API on loopback. What it lists, and in which style, is told per path; troubles can be
 * queued that befall the next requests.
 */
final class TestingVendor implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Function<Call, Answer>> paths = new ConcurrentHashMap<>();
    private final java.util.concurrent.atomic.AtomicInteger count =
            new java.util.concurrent.atomic.AtomicInteger();
    private volatile boolean rough;
    private volatile long answerNanos;
    private volatile int slowFrom;
    private final ConcurrentLinkedQueue<Trouble> troubles = new ConcurrentLinkedQueue<>();
    private final List<Call> calls = new java.util.concurrent.CopyOnWriteArrayList<>();

    /** A request. */
    record Call(
            String method,
            String path,
            Map<String, String> query,
            Map<String, String> headers,
            String body,
            Instant at) {}

    /** An answer. */
    record Answer(int status, Map<String, String> headers, byte[] body) {
        static Answer json(JsonNode body) {
            return new Answer(200, Map.of(), body.toString().getBytes(UTF_8));
        }

        static Answer of(int status, String body) {
            return new Answer(status, Map.of(), body.getBytes(UTF_8));
        }

        Answer with(String name, String value) {
            Map<String, String> more = new LinkedHashMap<>(headers);
            more.put(name, value);
            return new Answer(status, more, body);
        }
    }

    /** What befalls one request. */
    interface Trouble {
        void befall(HttpExchange exchange) throws IOException;

        static Trouble status(int status, String header, String value) {
            return exchange -> {
                if (header != null) {
                    exchange.getResponseHeaders().add(header, value);
                }
                byte[] body = "{\"error\":{\"message\":\"Trouble here\"}}".getBytes(UTF_8);
                exchange.sendResponseHeaders(status, body.length);
                exchange.getResponseBody().write(body);
            };
        }

        /** The head, half a body, and the end. */
        static Trouble reset() {
            return exchange -> {
                exchange.sendResponseHeaders(200, 1000);
                exchange.getResponseBody().write("{\"data\":[".getBytes(UTF_8));
                exchange.getResponseBody().flush();
                throw new IOException("reset");
            };
        }
    }

    TestingVendor() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** All requests so far, those that met trouble included. */
    List<Call> calls() {
        return calls;
    }

    void trouble(Trouble trouble) {
        troubles.add(trouble);
    }

    /** From now on every few requests meet some trouble. */
    void beRough() {
        rough = true;
    }

    /** From now on every answer takes so long. */
    void beSlow(Duration perAnswer) {
        beSlowFrom(0, perAnswer);
    }

    /** Once it was asked so often every answer takes so long. */
    void beSlowFrom(int calls, Duration perAnswer) {
        slowFrom = calls;
        answerNanos = perAnswer.toNanos();
    }

    private Trouble next() {
        Trouble queued = troubles.poll();
        int number = count.incrementAndGet();
        if (queued != null || !rough) {
            return queued;
        }
        return switch (number % 17) {
            case 3 -> Trouble.status(429, "Retry-After", "0.05");
            case 7 -> Trouble.status(500, null, null);
            case 12 -> Trouble.reset();
            case 15 -> Trouble.status(502, "Content-Type", "text/html");
            default -> null;
        };
    }

    /** Answers requests for a path. */
    void on(String path, Function<Call, Answer> answer) {
        paths.put(path, answer);
    }

    /** Lists items as the declaration says they are listed, in pages of a size. */
    void list(String path, Backfill backfill, List<ObjectNode> items, int pageSize) {
        Map<String, Integer> places = new java.util.HashMap<>();
        if (backfill.pagination().item() != null) {
            JsonPointer id = JsonPointer.compile(backfill.pagination().item());
            for (int i = 0; i < items.size(); i++) {
                places.put(items.get(i).at(id).asText(), i);
            }
        }
        on(path, call -> page(path, backfill, items, places, pageSize, call));
    }

    private Answer page(
            String path,
            Backfill backfill,
            List<ObjectNode> items,
            Map<String, Integer> places,
            int size,
            Call call) {
        BackfillPagination pagination = backfill.pagination();
        int from = from(pagination, places, size, call);
        boolean all = pagination.style() == BackfillPagination.Style.NONE;
        int to = all ? items.size() : Math.min(items.size(), from + size);
        ArrayNode array = JSON.createArrayNode();
        if (from > 0 && !all) {
            // Something was added meanwhile, and the pages have shifted by one.
            array.add(items.get(from - 1));
        }
        items.subList(Math.min(from, to), to).forEach(array::add);
        String pointer = backfill.items().pointer();
        JsonNode body = pointer.isEmpty() ? array : JSON.createObjectNode();
        if (!pointer.isEmpty()) {
            put((ObjectNode) body, pointer, array);
        }
        boolean more = to < items.size();
        Answer answer = null;
        switch (pagination.style()) {
            case NONE -> {}
            case LAST_ITEM ->
                    put(
                            (ObjectNode) body,
                            pagination.more(),
                            JSON.getNodeFactory().booleanNode(more));
            case CURSOR ->
                    put(
                            (ObjectNode) body,
                            pagination.next().get(0),
                            more
                                    ? JSON.getNodeFactory().textNode("c/" + to + "=")
                                    : JSON.nullNode());
            case NEXT_PATH ->
                    put(
                            (ObjectNode) body,
                            pagination.next().get(0),
                            more
                                    ? JSON.getNodeFactory().textNode(path + "?from=" + to)
                                    : JSON.nullNode());
            case PAGE_NUMBER -> {
                int pages = Math.max(1, (items.size() + size - 1) / size);
                put(
                        (ObjectNode) body,
                        pagination.current(),
                        JSON.getNodeFactory().numberNode(from / size + 1));
                put((ObjectNode) body, pagination.total(), JSON.getNodeFactory().numberNode(pages));
            }
            case LINK_HEADER -> {
                String self = "<" + url() + path + "?from=0>; rel=\"first\"";
                answer =
                        Answer.json(body)
                                .with(
                                        "Link",
                                        more
                                                ? "<"
                                                        + url()
                                                        + path
                                                        + "?from="
                                                        + to
                                                        + ">; rel=\"next\", "
                                                        + self
                                                : self);
            }
        }
        return answer == null ? Answer.json(body) : answer;
    }

    private static int from(
            BackfillPagination pagination, Map<String, Integer> places, int size, Call call) {
        String cursor =
                pagination.parameter() == null ? null : call.query().get(pagination.parameter());
        return switch (pagination.style()) {
            case NONE -> 0;
            case LINK_HEADER, NEXT_PATH -> Integer.parseInt(call.query().getOrDefault("from", "0"));
            case CURSOR -> cursor == null ? 0 : Integer.parseInt(cursor.replaceAll("[c/=]", ""));
            case PAGE_NUMBER -> cursor == null ? 0 : (Integer.parseInt(cursor) - 1) * size;
            case LAST_ITEM -> cursor == null ? 0 : places.getOrDefault(cursor, places.size()) + 1;
        };
    }

    /** Puts a value where a pointer says, with the objects around it. */
    static void put(ObjectNode root, String pointer, JsonNode value) {
        ObjectNode node = root;
        JsonPointer rest = JsonPointer.compile(pointer);
        while (!rest.tail().matches()) {
            node = node.withObject("/" + rest.getMatchingProperty());
            rest = rest.tail();
        }
        node.set(rest.getMatchingProperty(), value);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            URI uri = exchange.getRequestURI();
            Map<String, String> headers = new LinkedHashMap<>();
            exchange.getRequestHeaders()
                    .forEach(
                            (name, values) ->
                                    headers.put(
                                            name.toLowerCase(java.util.Locale.ROOT),
                                            values.get(0)));
            Call call =
                    new Call(
                            exchange.getRequestMethod(),
                            uri.getPath(),
                            query(uri.getRawQuery()),
                            headers,
                            new String(exchange.getRequestBody().readAllBytes(), UTF_8),
                            Instant.now());
            calls.add(call);
            Trouble trouble = next();
            if (trouble != null) {
                trouble.befall(exchange);
                return;
            }
            if (calls.size() > slowFrom) {
                LockSupport.parkNanos(answerNanos);
            }
            Function<Call, Answer> known = paths.get(uri.getPath());
            Answer answer =
                    known == null
                            ? Answer.of(404, "{\"message\":\"Not Found\"}")
                            : known.apply(call);
            answer.headers()
                    .forEach((name, value) -> exchange.getResponseHeaders().add(name, value));
            exchange.sendResponseHeaders(
                    answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
            exchange.getResponseBody().write(answer.body());
        }
    }

    private static Map<String, String> query(String raw) {
        Map<String, String> query = new LinkedHashMap<>();
        if (raw != null) {
            for (String pair : raw.split("&")) {
                int equals = pair.indexOf('=');
                query.put(
                        URLDecoder.decode(pair.substring(0, Math.max(0, equals)), UTF_8),
                        URLDecoder.decode(pair.substring(equals + 1), UTF_8));
            }
        }
        return query;
    }

    /** Charges as Stripe lists them, the newest first. */
    static List<ObjectNode> charges(int count) {
        List<ObjectNode> charges = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ObjectNode charge = JSON.createObjectNode();
            charge.put("id", "ch_" + i);
            charge.put("object", "charge");
            charge.put("amount", 100 + i);
            charge.put("created", 1_700_000_000L - i);
            charges.add(charge);
        }
        return charges;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
