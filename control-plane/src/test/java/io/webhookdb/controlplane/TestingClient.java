package io.webhookdb.controlplane;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A terminal's HTTP side: session header, JSON bodies, prompts. An answer that breaks the contract
 * fails the test that got it.
 */
public final class TestingClient {
    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, String> headers = new LinkedHashMap<>();
    private final int port;

    private TestingClient(int port) {
        this.port = port;
    }

    /** A client of the api on that port of this machine. */
    public static TestingClient of(int port) {
        return new TestingClient(port);
    }

    /** An answer; its body is always JSON. */
    public record Answer(
            int status, Map<String, List<String>> headers, String text, JsonNode body) {
        public String header(String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of("")).get(0);
        }

        public String code() {
            return body.at("/error/code").asText();
        }

        public String message() {
            return body.at("/error/message").asText(body.path("message").asText());
        }

        /** The step of an answer, or of a prompt. */
        public JsonNode step() {
            return body.has("error") ? body.at("/error/state_machine_step") : body;
        }
    }

    /** Every later request carries this header. */
    public TestingClient with(String header, String value) {
        headers.put(header, value);
        return this;
    }

    /** What every later request carries under this header. */
    public String header(String name) {
        return headers.get(name);
    }

    /** Keeps the session of a login. */
    public void adoptSession(Answer answer) {
        with("Whdb-Auth-Token", answer.header("Whdb-Auth-Token"));
    }

    /** The address of a path. */
    public URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    public Answer get(String path) {
        return send(request(path).GET());
    }

    /** The lines of an answer that goes on; closing them hangs up. */
    public Stream<String> lines(String path) throws IOException, InterruptedException {
        return http.send(request(path).GET().build(), HttpResponse.BodyHandlers.ofLines()).body();
    }

    /** A POST with a JSON body. */
    public Answer post(String path, Object body) {
        try {
            return send(
                    request(path)
                            .header("Content-Type", "application/json")
                            .POST(
                                    HttpRequest.BodyPublishers.ofString(
                                            MAPPER.writeValueAsString(body))));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A POST without body and content type. */
    public Answer post(String path) {
        return send(request(path).POST(HttpRequest.BodyPublishers.noBody()));
    }

    /** A POST of bytes as they are. */
    public Answer postRaw(String path, String body) {
        return send(request(path).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    /** A POST of bytes as they are. */
    public Answer postRaw(String path, byte[] body) {
        return send(request(path).POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    /** Answers the question of a step as a terminal does: with the newline that ended it. */
    public Answer reply(Answer asked, String typed) {
        JsonNode step = asked.step();
        Map<String, Object> body = new LinkedHashMap<>();
        step.path("post_params")
                .properties()
                .forEach(member -> body.put(member.getKey(), member.getValue()));
        body.put(step.path("post_params_value_key").asText(), typed + "\n");
        return post(step.path("post_to_url").asText().replace(" ", "%20"), body);
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder builder =
                HttpRequest.newBuilder(uri(path)).header("Whdb-Short-Session", "");
        headers.forEach(builder::setHeader);
        return builder;
    }

    private Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response =
                    http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            JsonNode body = MAPPER.readTree(response.body());
            List<String> problems =
                    TestingContract.problems(
                            response.request().method().toLowerCase(Locale.ROOT),
                            response.uri().getPath(),
                            response.statusCode(),
                            body,
                            response.headers().map());
            if (!problems.isEmpty()) {
                throw new AssertionError(
                        response.uri().getPath() + " breaks the contract: " + problems);
            }
            return new Answer(
                    response.statusCode(), response.headers().map(), response.body(), body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
