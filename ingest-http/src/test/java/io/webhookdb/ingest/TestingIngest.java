package io.webhookdb.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server under test and a client that talks to it over a real connection. */
final class TestingIngest implements AutoCloseable {
    static {
        // Shorter than what any test lets the server wait, or a request may meet its good-bye.
        System.setProperty("jdk.httpclient.keepalive.timeout", "1");
    }

    private final IngestServer server;
    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(5))
                    .build();

    private TestingIngest(IngestServer server) {
        this.server = server;
    }

    static TestingIngest start(
            String bootstrap, UnaryOperator<IngestSettings.Builder> customization) {
        return new TestingIngest(
                IngestServer.start(
                        customization
                                .apply(IngestSettings.builder(bootstrap, TestingControl.CIPHER))
                                .build()));
    }

    int port() {
        return server.port();
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    static String endpoint(String integration) {
        return "/v1/service_integrations/" + integration;
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(30));
    }

    HttpRequest.Builder post(String integration, String body) {
        return request(endpoint(integration)).POST(BodyPublishers.ofString(body, UTF_8));
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), BodyHandlers.ofString(UTF_8));
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    CompletableFuture<HttpResponse<String>> sendLater(HttpRequest.Builder request) {
        return client.sendAsync(request.build(), BodyHandlers.ofString(UTF_8));
    }

    /** The value of one series on the metrics page, labels included in its name; 0 if absent. */
    double metric(String series) {
        String page = send(request("/metrics").GET()).body();
        Matcher line =
                Pattern.compile("^" + Pattern.quote(series) + " (\\S+)$", Pattern.MULTILINE)
                        .matcher(page);
        return line.find() ? Double.parseDouble(line.group(1)) : 0;
    }

    double requests(String outcome, int status) {
        return metric(
                "webhookdb_ingest_requests_total{outcome=\""
                        + outcome
                        + "\",status=\""
                        + status
                        + "\"}");
    }

    @Override
    public void close() {
        server.close();
    }
}
