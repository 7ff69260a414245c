package io.webhookdb.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Stripe's listing of charges on loopback, as many as asked for, in pages of 100. A page is the
 * last one with other digits in it, so that the vendor costs little beside what is measured.
 */
final class ListedCharges implements AutoCloseable {
    static final int PAGE = 100;

    private static final Pattern AFTER = Pattern.compile("starting_after=ch_(\\d{10})");
    private static final byte[] KEY = Charges.key(0).substring(3).getBytes(US_ASCII);

    private final HttpServer server;
    private final ExecutorService threads =
            Executors.newFixedThreadPool(
                    4,
                    work -> {
                        Thread thread = new Thread(work, "vendor");
                        thread.setDaemon(true);
                        return thread;
                    });
    private final AtomicLong asked = new AtomicLong();
    private final long count;
    private final byte[] page;
    private final List<Integer> places = new ArrayList<>();

    /** Lists that many charges to each who asks. */
    ListedCharges(long count) throws IOException {
        this.count = count;
        this.page = template();
        for (int at = 0; at + KEY.length <= page.length; at++) {
            if (isKey(at)) {
                places.add(at);
            }
        }
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/charges", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    private static byte[] template() throws IOException {
        String charge =
                new ObjectMapper().readTree(Charges.body(0, 0)).at("/data/object").toString();
        StringBuilder body = new StringBuilder("{\"object\":\"list\",\"data\":[");
        for (int i = 0; i < PAGE; i++) {
            body.append(i == 0 ? "" : ",").append(charge);
        }
        return body.append("],\"has_more\":false}").toString().getBytes(UTF_8);
    }

    private boolean isKey(int at) {
        for (int i = 0; i < KEY.length; i++) {
            if (page[at + i] != KEY[i]) {
                return false;
            }
        }
        return true;
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Pages asked for so far. */
    long asked() {
        return asked.get();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            asked.incrementAndGet();
            String query = exchange.getRequestURI().getRawQuery();
            Matcher after = AFTER.matcher(query == null ? "" : query);
            long first = after.find() ? Long.parseLong(after.group(1)) + 1 : 0;
            byte[] body = page(first);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private byte[] page(long first) {
        byte[] body = page.clone();
        int perItem = places.size() / PAGE;
        for (int i = 0; i < places.size(); i++) {
            byte[] digits = "%010d".formatted(first + i / perItem).getBytes(US_ASCII);
            System.arraycopy(digits, 0, body, places.get(i), digits.length);
        }
        if (first + PAGE >= count) {
            return body;
        }
        byte[] more = "true}".getBytes(US_ASCII);
        byte[] longer = java.util.Arrays.copyOf(body, body.length - 1);
        System.arraycopy(more, 0, longer, longer.length - more.length, more.length);
        return longer;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
