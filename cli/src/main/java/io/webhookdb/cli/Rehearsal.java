package io.webhookdb.cli;

import com.sun.net.httpserver.HttpServer;
import io.webhookdb.cli.terminal.PipedTerminal;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Runs typical commands against a server of its own, so that a JVM started with {@code
 * -XX:ArchiveClassesAtExit=FILE} writes everything they load into the archive. Later starts with
 * {@code -XX:SharedArchiveFile=FILE} take a third of the time. Touches no network, no login and no
 * file outside a temporary folder.
 */
public final class Rehearsal {
    private static final String QUESTION =
            """
            {"error":{"status":422,"message":"?","state_machine_step":{"needs_input":true,"prompt":"?",
             "post_to_url":"/v1/auth","post_params":{},"post_params_value_key":"email"}}}\
            """;
    private static final String LOGIN =
            """
            {"complete":true,"output":"","extras":{"current_customer":{"email":"a",
             "default_organization":{"id":1,"name":"a","key":"a"}}}}\
            """;
    private static final String ANYTHING =
            """
            {"message":"m","items":[{"id":1,"price":1.5}],"display_headers":[["id","Id"]],
             "headers":["a"],"rows":[[null]],"blocks":[],"tables":["a"]}\
            """;

    private static final List<String> LINES =
            List.of(
                    "auth login",
                    "auth whoami",
                    "org list",
                    "integrations list",
                    "services list -f csv",
                    "db sql x",
                    "db sql x -f json",
                    "webhooks list",
                    "dbsync list",
                    "httpsync list",
                    "saved-query list",
                    "replay",
                    "nonsense",
                    "help integrations create");

    private Rehearsal() {}

    /** Runs them all; what they print is thrown away. */
    public static void main(String[] arguments) throws IOException {
        Path home = Files.createTempDirectory("webhookdb-rehearsal");
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    String body =
                            new String(
                                    exchange.getRequestBody().readAllBytes(),
                                    StandardCharsets.UTF_8);
                    exchange.getResponseHeaders().add("Content-Type", "application/json");
                    exchange.getResponseHeaders().add("Whdb-Auth-Token", "token");
                    boolean asks = body.contains("\"email\":\"\"");
                    boolean login = exchange.getRequestURI().getPath().equals("/v1/auth");
                    byte[] answer =
                            (asks ? QUESTION : login ? LOGIN : ANYTHING)
                                    .getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(asks ? 422 : 200, answer.length);
                    exchange.getResponseBody().write(answer);
                    exchange.close();
                });
        server.start();
        try {
            String address = "http://127.0.0.1:" + server.getAddress().getPort();
            LINES.forEach(line -> rehearse(line, home, address));
        } finally {
            server.stop(0);
            try (Stream<Path> files = Files.walk(home)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static void rehearse(String line, Path home, String address) {
        PrintStream nothing =
                new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        byte[] input = "a\n".getBytes(StandardCharsets.UTF_8);
        WebhookdbCli.run(
                line.split(" "),
                new PipedTerminal(new ByteArrayInputStream(input), nothing, nothing),
                Map.of("HOME", home.toString(), "WEBHOOKDB_API_HOST", address));
    }
}
