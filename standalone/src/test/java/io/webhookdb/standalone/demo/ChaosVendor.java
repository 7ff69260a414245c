package io.webhookdb.standalone.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A vendor's list of customers, in pages and slowly, so that whoever polls it is killed midway. */
final class ChaosVendor implements AutoCloseable {
    private static final int CUSTOMERS = 300;
    private static final int PAGE = 10;
    private static final int MILLIS_FOR_A_PAGE = 700;
    private static final int BALANCE = 7;
    private static final Pattern AFTER = Pattern.compile("starting_after=cus_polled_(\\d+)");

    private final CountDownLatch closed = new CountDownLatch(1);
    private final HttpServer server;

    ChaosVendor() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.createContext("/v1/customers", this::page);
        server.start();
    }

    private void page(HttpExchange exchange) throws IOException {
        Matcher after = AFTER.matcher(String.valueOf(exchange.getRequestURI().getQuery()));
        int first = after.find() ? Integer.parseInt(after.group(1)) + 1 : 0;
        int end = Math.min(first + PAGE, CUSTOMERS);
        byte[] page =
                IntStream.range(first, end)
                        .mapToObj(ChaosVendor::customer)
                        .collect(
                                Collectors.joining(
                                        ",",
                                        "{\"object\":\"list\",\"data\":[",
                                        "],\"has_more\":" + (end < CUSTOMERS) + "}"))
                        .getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            closed.await(MILLIS_FOR_A_PAGE, TimeUnit.MILLISECONDS);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Newest first. */
    private static String customer(int number) {
        return """
        {"id":"cus_polled_%d","object":"customer","balance":%d,"created":%d,\
        "email":null,"name":null,"phone":null,"livemode":false}\
        """
                .formatted(number, BALANCE, 1_700_000_000 - number);
    }

    /** The balance of each customer. */
    Map<String, Integer> customers() {
        Map<String, Integer> all = new HashMap<>();
        IntStream.range(0, CUSTOMERS).forEach(one -> all.put("cus_polled_" + one, BALANCE));
        return all;
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
    }
}
