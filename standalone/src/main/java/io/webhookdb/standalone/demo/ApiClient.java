package io.webhookdb.standalone.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;

/** Speaks the public HTTP API as any client does: JSON, one session token, answers to prompts. */
final class ApiClient {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final String TOKEN_HEADER = "Whdb-Auth-Token";

    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(5))
                    .build();
    private final String baseUrl;
    private String token;

    ApiClient(String baseUrl) {
        this.baseUrl = baseUrl;
    }

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /**
     * Logs in with a one-time code.
     *
     * @param code asked for after the code was sent
     */
    void login(String email, Supplier<String> code) {
        post("/v1/auth", object().put("email", email).put("token", ""));
        JsonNode step = post("/v1/auth", object().put("email", email).put("token", code.get()));
        if (!step.path("complete").asBoolean() || token == null) {
            throw new DemoFailure("Login was not completed: " + step.path("output").asText());
        }
    }

    /**
     * Answers questions by the last word of the URL they are posted to, until the step is complete.
     */
    JsonNode converse(JsonNode first, Map<String, String> answers) {
        JsonNode step = first;
        while (step.path("needs_input").asBoolean()) {
            String url = step.path("post_to_url").asText();
            String field = url.substring(url.lastIndexOf('/') + 1);
            String answer = answers.get(field);
            if (answer == null) {
                throw new DemoFailure(
                        "The server asked for \"" + field + "\", expected " + answers.keySet());
            }
            ObjectNode body = step.path("post_params").deepCopy();
            step = post(url, body.put(step.path("post_params_value_key").asText(), answer));
        }
        return step;
    }

    JsonNode get(String path) {
        return send(request(path).GET());
    }

    JsonNode post(String path, JsonNode body) {
        return send(
                request(path)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body.toString())));
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(baseUrl + path)).timeout(Duration.ofSeconds(30));
        return token == null ? request : request.header(TOKEN_HEADER, token);
    }

    private JsonNode send(HttpRequest.Builder builder) {
        HttpRequest request = builder.build();
        try {
            HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
            response.headers().firstValue(TOKEN_HEADER).ifPresent(value -> token = value);
            JsonNode body = MAPPER.readTree(response.body());
            if (response.statusCode() >= 300) {
                throw new DemoFailure(
                        request.method()
                                + " "
                                + request.uri().getPath()
                                + " answered "
                                + response.statusCode()
                                + ": "
                                + body.at("/error/message").asText());
            }
            return body;
        } catch (IOException e) {
            throw new DemoFailure(request.uri().getPath() + " cannot be reached", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DemoFailure("Interrupted", e);
        }
    }
}
