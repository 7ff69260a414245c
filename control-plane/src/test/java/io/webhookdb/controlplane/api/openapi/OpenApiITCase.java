package io.webhookdb.controlplane.api.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.webhookdb.controlplane.SharedControlPlane;
import io.webhookdb.controlplane.TestingClient.Answer;
import io.webhookdb.controlplane.TestingContract;
import io.webhookdb.controlplane.TestingSystem;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The served description against what clients of the contract rely on. */
@ExtendWith(SharedControlPlane.class)
class OpenApiITCase {
    private final JsonNode document;

    OpenApiITCase(TestingSystem system) {
        Answer answer = system.client().get("/openapi.json");
        assertThat(answer.status()).isEqualTo(200);
        this.document = answer.body();
    }

    @Test
    void hasEveryOperationOfTheContractWithItsFields() {
        Map<String, JsonNode> served = served();
        SoftAssertions softly = new SoftAssertions();
        for (var entry : TestingContract.facts().path("operations").properties()) {
            JsonNode operation = served.get(anonymous(entry.getKey()));
            softly.assertThat(operation).as(entry.getKey()).isNotNull();
            if (operation != null) {
                check(softly, entry.getKey(), entry.getValue(), operation);
            }
        }
        softly.assertAll();
    }

    @Test
    void promisesNoLessThanTheContract() {
        SoftAssertions softly = new SoftAssertions();
        for (var entry : TestingContract.facts().path("schemas").properties()) {
            JsonNode schema = document.at("/components/schemas/" + entry.getKey());
            softly.assertThat(names(schema.path("required")))
                    .as("required of " + entry.getKey())
                    .containsAll(names(entry.getValue().path("required")));
            for (var property : entry.getValue().path("properties").properties()) {
                softly.assertThat(schema.path("properties").path(property.getKey()).path("type"))
                        .as(entry.getKey() + "." + property.getKey())
                        .isEqualTo(property.getValue().path("type"));
            }
        }
        softly.assertAll();
    }

    /** A description of what is not served is a mistake. */
    @Test
    void describesWhatIsServedAndNothingElse() {
        Set<String> ids = new HashSet<>();
        SoftAssertions softly = new SoftAssertions();
        served().forEach(
                        (path, operation) -> {
                            softly.assertThat(ids.add(operation.path("operationId").asText()))
                                    .as("operationId of " + path + " is its own")
                                    .isTrue();
                            softly.assertThat(operation.path("responses").has("default"))
                                    .as(path)
                                    .isTrue();
                        });
        softly.assertThat(new OpenApiDocument(java.net.URI.create("http://localhost")).described())
                .isSubsetOf(paths());
        softly.assertAll();
    }

    private static void check(
            SoftAssertions softly, String name, JsonNode expected, JsonNode operation) {
        Set<String> parameters = new HashSet<>();
        operation.path("parameters").forEach(p -> parameters.add(p.path("name").asText()));
        softly.assertThat(parameters).as(name).containsAll(names(expected.path("query")));
        softly.assertThat(parameters).as(name).containsAll(names(expected.path("headers")));
        JsonNode body = operation.at("/requestBody/content/application~1json/schema");
        softly.assertThat(fields(body.path("properties")))
                .as("body of " + name)
                .containsAll(names(expected.path("body")));
        softly.assertThat(names(expected.path("required")))
                .as("required in the body of " + name + ": nothing more than the contract has")
                .containsAll(names(body.path("required")));
        softly.assertThat(operation.has("security"))
                .as(name + " is open")
                .isEqualTo(expected.path("open").asBoolean());
        softly.assertThat(operation.path("responses").has("422"))
                .as(name + " may prompt")
                .isEqualTo(expected.path("prompts").asBoolean());
        for (var answer : expected.path("answers").properties()) {
            String schema =
                    operation.path("responses").path(answer.getKey()).path("content").toString();
            String form = answer.getValue().asText().replace("list of ", "");
            softly.assertThat(schema)
                    .as(answer.getKey() + " of " + name)
                    .contains(form.isEmpty() ? "" : "#/components/schemas/" + form + "\"");
        }
    }

    private Set<String> paths() {
        Set<String> paths = new HashSet<>();
        document.path("paths")
                .properties()
                .forEach(
                        path ->
                                path.getValue()
                                        .fieldNames()
                                        .forEachRemaining(
                                                method -> paths.add(method + " " + path.getKey())));
        return paths;
    }

    private Map<String, JsonNode> served() {
        Map<String, JsonNode> served = new HashMap<>();
        document.path("paths")
                .properties()
                .forEach(
                        path ->
                                path.getValue()
                                        .properties()
                                        .forEach(
                                                method ->
                                                        served.put(
                                                                anonymous(
                                                                        method.getKey()
                                                                                + " "
                                                                                + path.getKey()),
                                                                method.getValue())));
        return served;
    }

    private static String anonymous(String path) {
        return path.replaceAll("\\{[^}]+}", "{}");
    }

    private static Set<String> names(JsonNode array) {
        Set<String> names = new HashSet<>();
        array.forEach(name -> names.add(name.asText()));
        return names;
    }

    private static Set<String> fields(JsonNode object) {
        Set<String> fields = new HashSet<>();
        object.fieldNames().forEachRemaining(fields::add);
        return fields;
    }
}
