package io.webhookdb.connectors.sync;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.webhookdb.schemas.trace.TraceContext;
import io.webhookdb.security.outbound.OutboundPolicy;
import io.webhookdb.security.outbound.UserAgent;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpSyncTargetTest extends SyncTargetContract {
    private static final int MOST_CONNECTIONS = 4;
    private static final SyncTable TABLE = TestingService.table("", "");

    private final Map<String, JsonNode> received = new ConcurrentHashMap<>();
    private final HttpPosts posts =
            HttpPosts.start(
                    OutboundPolicy.parse("127.0.0.0/8"),
                    Duration.ofMillis(2_000),
                    MOST_CONNECTIONS);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;
    private volatile int status = 200;
    private volatile String path;
    private volatile String authorization;
    private volatile String signature;
    private volatile String traceparent;
    private volatile String contentType;
    private volatile String userAgent;

    @BeforeEach
    void startServer() throws IOException {
        server();
    }

    private HttpServer server() throws IOException {
        if (server == null) {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", this::receive);
            server.start();
        }
        return server;
    }

    @AfterEach
    void stopServer() {
        server.stop(0);
        posts.close();
        threads.shutdownNow();
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            path = exchange.getRequestURI().toString();
            authorization = exchange.getRequestHeaders().getFirst("Authorization");
            signature = exchange.getRequestHeaders().getFirst("webhook-signature");
            traceparent = exchange.getRequestHeaders().getFirst("traceparent");
            contentType = exchange.getRequestHeaders().getFirst("Content-Type");
            userAgent = exchange.getRequestHeaders().getFirst("User-Agent");
            JsonNode body = TestingRow.JSON.readTree(exchange.getRequestBody());
            body.get("rows").forEach(row -> received.put(row.get("acme_id").asText(), row));
            if (path.startsWith("/moved")) {
                exchange.getResponseHeaders().add("Location", path.substring("/moved".length()));
                exchange.sendResponseHeaders(307, -1);
                return;
            }
            exchange.sendResponseHeaders(status, -1);
        }
    }

    @Override
    SyncTarget open() throws Exception {
        return open("http://u:p@127.0.0.1:" + server().getAddress().getPort() + "/in?a=b%20c");
    }

    private SyncTarget open(String url) throws SyncException {
        return new HttpSyncTarget(HttpUrl.parse(url), posts);
    }

    @Override
    Order order() {
        return Order.AS_SENT;
    }

    @Override
    JsonNode stored(SyncTable table, String key) {
        return received.get(key);
    }

    @Override
    void drop(SyncTable table) {
        received.clear();
    }

    @Test
    void sendsPathQueryCredentialsAndSignature() throws Exception {
        open().deliver(page());

        assertThat(path).isEqualTo("/in?a=b%20c");
        assertThat(signature).startsWith("v1,");
        assertThat(contentType).isEqualTo("application/json");
        assertThat(userAgent).isEqualTo(UserAgent.VALUE);
        assertThat(authorization).isEqualTo("Basic dTpw");
    }

    /** A page that is left at a redirect would count as taken and be lost. */
    @Test
    void sendsTheTraceOfAPageOfOneRowOnly() throws Exception {
        String trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        SyncTarget target = open();
        SyncRow traced = TestingRow.of("t", 1).in(new TraceContext(trace, null));

        target.deliver(new SyncPage(TABLE, List.of(traced), Instant.EPOCH));
        assertThat(traceparent).isEqualTo(trace);
        target.deliver(new SyncPage(TABLE, List.of(traced, TestingRow.of("u", 1)), Instant.EPOCH));
        assertThat(traceparent).isNull();
    }

    @Test
    void followsTheReceiverToWhereItHasMoved() throws Exception {
        open(address() + "/moved/moved/in").deliver(page());

        assertThat(path).isEqualTo("/in");
        assertThat(authorization).isEqualTo("Basic dTpw");
        assertThat(failure(() -> open(address() + "/moved/moved/moved/moved/in")).failure())
                .isEqualTo(SyncFailure.CONFIGURATION);
        assertThat(failure(() -> open(address() + "/movedhttp://10.0.0.1/")).failure())
                .isEqualTo(SyncFailure.CONFIGURATION);
    }

    private String address() throws IOException {
        return "http://u:p@127.0.0.1:" + server().getAddress().getPort();
    }

    @ParameterizedTest
    @CsvSource({
        "400, REFUSED",
        "401, CONFIGURATION",
        "404, CONFIGURATION",
        "413, POISON",
        "429, TRANSIENT",
        "500, REFUSED"
    })
    void classifiesRefusals(int answer, SyncFailure failure) {
        status = answer;
        assertThat(failure(this::open).failure()).isEqualTo(failure);
    }

    @ParameterizedTest
    @CsvSource({"200", "204", "302"})
    void takesAnythingBelow400ForDone(int answer) throws Exception {
        status = answer;
        SyncTarget target = open();
        assertThatCode(() -> target.deliver(page())).doesNotThrowAnyException();
    }

    @Test
    void givesUpOnAReceiverThatDoesNotAnswer() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String url = "http://127.0.0.1:" + silent.getLocalPort() + "/";
            assertThat(failure(() -> open(url)).failure()).isEqualTo(SyncFailure.TRANSIENT);
        }
    }

    /** Each such answer would keep one of the connections that all targets share. */
    @Test
    void leavesNoConnectionToAnAnswerThatDoesNotEnd() throws Exception {
        CompletableFuture<Void> end = new CompletableFuture<>();
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            CompletableFuture.runAsync(() -> acceptAndTalk(server, end), threads);
            SyncTarget target = open("http://127.0.0.1:" + server.getLocalPort() + "/");
            for (int page = 0; page <= MOST_CONNECTIONS; page++) {
                target.deliver(page());
            }
        } finally {
            end.complete(null);
        }
    }

    private void acceptAndTalk(ServerSocket server, CompletableFuture<Void> end) {
        try {
            while (!end.isDone()) {
                Socket socket = server.accept();
                CompletableFuture.runAsync(() -> takeAndTalk(socket, end), threads);
            }
        } catch (IOException e) {
            // The test is over.
        }
    }

    /** Says that a page is taken, and a byte more now and then. */
    private static void takeAndTalk(Socket socket, CompletableFuture<Void> end) {
        try (socket) {
            OutputStream out = socket.getOutputStream();
            out.write("HTTP/1.1 200 OK\r\nContent-Length: 50000\r\n\r\n".getBytes(US_ASCII));
            while (!end.isDone()) {
                out.write('.');
                out.flush();
                try {
                    end.get(100, TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    continue;
                }
            }
        } catch (IOException | InterruptedException | ExecutionException e) {
            // The other side has had enough.
        }
    }

    @Test
    void refusesAddressesThatAreNotListedAndUrlsThatAreNone() {
        SyncException refused = failure(() -> open("https://user:secret@10.1.2.3/"));
        assertThat(refused.failure()).isEqualTo(SyncFailure.CONFIGURATION);
        assertThat(refused).hasMessageContaining("10.1.2.3").hasMessageNotContaining("secret");

        SyncException invalid = failure(() -> open("ftp://user:secret@example.com/"));
        assertThat(invalid.failure()).isEqualTo(SyncFailure.CONFIGURATION);
        assertThat(invalid).hasMessageNotContaining("secret");
    }

    private interface Opening {
        SyncTarget open() throws Exception;
    }

    private static SyncException failure(Opening opening) {
        return catchThrowableOfType(SyncException.class, () -> opening.open().deliver(page()));
    }

    private static SyncPage page() {
        return new SyncPage(TABLE, List.of(TestingRow.of("a", 1)), Instant.ofEpochSecond(1));
    }
}
