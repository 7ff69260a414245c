package io.webhookdb.connectors.statefun;

import static io.webhookdb.connectors.statefun.TestingFunctions.message;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.statefun.sdk.java.StatefulFunctions;
import org.apache.flink.statefun.sdk.java.handler.RequestReplyHandler;
import org.apache.flink.statefun.sdk.java.slice.Slices;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RemoteFunctionTest {
    private final TestingFunctions functions = new TestingFunctions();
    private final RequestReplyHandler handler = functions.functions().requestReplyHandler();
    private final AtomicInteger requests = new AtomicInteger();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;

    /** What the endpoint answers instead of a function's result; 0 for that result. */
    private volatile int status;

    private volatile int padding;

    @BeforeEach
    void startServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/functions", this::serve);
        server.start();
    }

    @AfterEach
    void stopServer() {
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void keepsStateAndDelaysOfAFunctionAtAnEndpoint() throws Exception {
        try (TestingHost host = start(server.getAddress().getPort())) {
            host.send(message("a1", "count"));
            host.send(message("a1", "later t late"));
            host.send(message("a1", "count"));
            host.await(() -> host.sent().size() == 2);
            host.pass(Duration.ofMinutes(2));
            host.await(() -> host.sent().size() == 3);
            assertThat(host.sent()).containsExactly("a1=1", "a1=2", "a1:late");
            assertThat(host.deadLetters()).isEmpty();
        }
    }

    @Test
    void triesAnEndpointThatIsAwayAgainAndAgain() throws Exception {
        status = 503;
        try (TestingHost host = start(server.getAddress().getPort())) {
            for (int i = 0; i < 10; i++) {
                host.send(message("a" + i, "count"));
            }
            host.await(() -> requests.get() >= 8);
            assertThat(host.deadLetters()).isEmpty();
            status = 0;
            host.await(() -> host.sent().size() == 10);
            assertThat(host.sent()).doesNotHaveDuplicates().allMatch(sent -> sent.endsWith("=1"));
        }
    }

    @Test
    void triesAnEndpointThatRefusesConnectionsAgain() throws Exception {
        int port = server.getAddress().getPort();
        server.stop(0);
        try (TestingHost host = start(port)) {
            host.send(message("a1", "count"));
            host.pass(Duration.ofSeconds(1));
            assertThat(host.sent()).isEmpty();
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            server.setExecutor(threads);
            server.createContext("/functions", this::serve);
            server.start();
            host.await(() -> host.sent().size() == 1);
        }
    }

    @Test
    void givesUpAMessageThatItsEndpointFailsOn() throws Exception {
        status = 500;
        try (TestingHost host = start(server.getAddress().getPort())) {
            host.send(message("a1", "count"));
            host.await(() -> host.deadLetters().size() == 1);
            assertThat(host.deadLetters().get(0))
                    .contains("FUNCTION_FAILED")
                    .contains("Endpoint answered 500, expected 200");
        }
    }

    @Test
    void readsNoAnswerBeyondItsBound() throws Exception {
        padding = 1 << 17;
        try (TestingHost host = start(server.getAddress().getPort())) {
            host.send(message("a1", "count"));
            host.await(() -> host.deadLetters().size() == 1);
            assertThat(host.deadLetters().get(0)).contains("Answer is longer than 65536 bytes");
        }
    }

    @Test
    void givesUpAMessageWhoseAnswerIsNone() throws Exception {
        padding = 100;
        try (TestingHost host = start(server.getAddress().getPort())) {
            host.send(message("a1", "count"));
            host.await(() -> host.deadLetters().size() == 1);
            assertThat(host.deadLetters().get(0)).contains("is not a FromFunction");
        }
    }

    private TestingHost start(int port) throws Exception {
        URI endpoint = URI.create("http://127.0.0.1:" + port + "/functions");
        return TestingHost.start(
                new FunctionModule() {
                    private static final long serialVersionUID = 1L;

                    @Override
                    public StatefulFunctions open(MetricGroup metrics, int subtasks) {
                        return new StatefulFunctions();
                    }

                    @Override
                    public Optional<URI> endpoint(String typename) {
                        return Optional.of(endpoint);
                    }
                },
                TestingFunctions.settings());
    }

    private void serve(HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        byte[] request = exchange.getRequestBody().readAllBytes();
        if (status != 0) {
            exchange.sendResponseHeaders(status, -1);
        } else {
            byte[] answer =
                    padding > 0
                            ? new byte[padding]
                            : handler.handle(Slices.wrap(request)).join().toByteArray();
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
        }
        exchange.close();
    }
}
