package io.webhookdb.cli.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.webhookdb.cli.CliFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Sends requests to one API. Follows no redirect, so a token never reaches another host; a question
 * that names a complete address elsewhere is answered there without the token.
 */
public final class ApiClient {
    private static final String TOKEN = "Whdb-Auth-Token";
    private static final Duration CONNECT = Duration.ofSeconds(10);
    // Longer than the longest thing the server does while a request waits: a 15 s query, a sync
    // target that is tried out first.
    private static final Duration ANSWER = Duration.ofSeconds(120);

    private final String address;
    private final String agent;
    private final Supplier<Optional<String>> token;
    private final Consumer<String> trace;
    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .sslContext(LazyTls.context())
                    .connectTimeout(CONNECT)
                    .build();

    /**
     * @param address the API's address without a trailing slash
     * @param agent how the client names itself
     * @param token the stored token, if any
     * @param trace told about every request and answer: never a token, never a body
     */
    public ApiClient(
            String address,
            String agent,
            Supplier<Optional<String>> token,
            Consumer<String> trace) {
        this.address = address;
        this.agent = agent;
        this.token = token;
        this.trace = trace;
    }

    /**
     * Sends and waits, at most two minutes.
     *
     * @throws CliFailure if no answer came
     */
    public Reply send(Request request) {
        HttpRequest prepared = prepare(request);
        long start = System.nanoTime();
        try {
            HttpResponse<byte[]> response = http.send(prepared, BodyHandlers.ofByteArray());
            Reply reply = reply(request, response);
            long millis = (System.nanoTime() - start) / 1_000_000;
            trace.accept(
                    "< "
                            + reply.status()
                            + " "
                            + reply.contentType()
                            + ", "
                            + response.body().length
                            + " bytes in "
                            + millis
                            + " ms");
            return reply;
        } catch (IOException e) {
            throw Unreachable.failure(address, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CliFailure.api("Interrupted while waiting for " + address, e);
        }
    }

    /**
     * Sends and hands over the lines of the answer as they come, until it ends.
     *
     * @throws CliFailure if the answer is no success, or the connection breaks
     */
    public void lines(Request request, Consumer<String> taker) {
        try {
            HttpResponse<Stream<String>> response =
                    http.send(prepare(request), BodyHandlers.ofLines());
            try (Stream<String> lines = response.body()) {
                if (response.statusCode() != 200) {
                    String text = lines.collect(Collectors.joining("\n"));
                    throw Refusal.of(
                            new Reply(
                                    request.route(),
                                    response.statusCode(),
                                    "application/json",
                                    Optional.empty(),
                                    text,
                                    json(text)));
                }
                lines.forEach(taker);
            }
        } catch (UncheckedIOException e) {
            throw Unreachable.failure(address, e.getCause());
        } catch (IOException e) {
            throw Unreachable.failure(address, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CliFailure.api("Interrupted while waiting for " + address, e);
        }
    }

    private HttpRequest prepare(Request request) {
        URI uri = uri(request);
        HttpRequest.Builder builder =
                HttpRequest.newBuilder(uri)
                        .timeout(ANSWER)
                        .header("User-Agent", agent)
                        .header("Whdb-User-Agent", agent)
                        .header("Whdb-Short-Session", "");
        Optional<String> login =
                request.authentication() == Request.Authentication.IF_LOGGED_IN && sameServer(uri)
                        ? token.get()
                        : Optional.empty();
        login.ifPresent(value -> builder.header(TOKEN, value));
        byte[] body =
                request.body()
                        .map(json -> Json.line(json).getBytes(StandardCharsets.UTF_8))
                        .orElse(new byte[0]);
        if (request.body().isPresent()) {
            builder.header("Content-Type", "application/json");
        }
        trace.accept(
                "> "
                        + request.method()
                        + " "
                        + uri
                        + (login.isPresent() ? ", with token, " : ", without token, ")
                        + body.length
                        + " bytes");
        return request.method() == Request.Method.GET
                ? builder.GET().build()
                : builder.POST(BodyPublishers.ofByteArray(body)).build();
    }

    private URI uri(Request request) {
        String target = request.target();
        boolean complete = target.startsWith("http://") || target.startsWith("https://");
        try {
            // Only spaces: paths of this client are escaped, and the server's own are to be sent as
            // they are, except that it may write an organization's name with its spaces.
            return URI.create((complete ? target : address + target).replace(" ", "%20"));
        } catch (IllegalArgumentException e) {
            throw CliFailure.api(
                    "The server named \"" + target + "\" as the place for the answer; no address",
                    e);
        }
    }

    private boolean sameServer(URI uri) {
        URI own = URI.create(address);
        return own.getScheme().equals(uri.getScheme())
                && own.getRawAuthority().equals(uri.getRawAuthority());
    }

    private static Reply reply(Request request, HttpResponse<byte[]> response) {
        String type = response.headers().firstValue("Content-Type").orElse("");
        String text = new String(response.body(), StandardCharsets.UTF_8);
        return new Reply(
                request.route(),
                response.statusCode(),
                type,
                response.headers()
                        .firstValue(TOKEN)
                        .map(value -> value.split(";", 2)[0].strip())
                        .filter(value -> !value.isEmpty()),
                text,
                type.toLowerCase(Locale.ROOT).contains("json")
                        ? json(text)
                        : MissingNode.getInstance());
    }

    private static JsonNode json(String text) {
        try {
            JsonNode value = Json.read(text);
            return value == null ? MissingNode.getInstance() : value;
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance(); // told by whoever needs something in it
        }
    }
}
