package io.webhookdb.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What clients of the HTTP contract rely on, checked against answers: the schemas of {@code
 * contract.yaml}, and what breaks terminals although it is valid.
 */
public final class TestingContract {
    private static final TestingContract CONTRACT = new TestingContract();

    /** Terminals write larger numbers in scientific notation. */
    private static final long LARGEST_SHOWN = 999_999;

    private final JsonNode facts = read();
    private final JsonSchemaFactory factory = JsonSchemaFactory.getInstance(VersionFlag.V202012);

    private TestingContract() {}

    /** The facts as they are written down. */
    public static JsonNode facts() {
        return CONTRACT.facts;
    }

    /** Everything that is wrong with an answer. */
    public static List<String> problems(
            String method,
            String path,
            int status,
            JsonNode body,
            Map<String, List<String>> headers) {
        return CONTRACT.check(method, path, status, body, headers);
    }

    /** The entry of a path with its parameters filled in. */
    private Optional<JsonNode> operation(String method, String path) {
        return facts.path("operations").properties().stream()
                .filter(entry -> matches(entry.getKey(), method, path))
                .max(Comparator.comparingInt(entry -> -entry.getKey().split("\\{", -1).length))
                .map(Map.Entry::getValue);
    }

    private static boolean matches(String key, String method, String path) {
        String[] template = key.substring(key.indexOf(' ') + 1).split("/", -1);
        String[] given = path.split("\\?", 2)[0].split("/", -1);
        boolean same = key.startsWith(method + " ") && template.length == given.length;
        for (int i = 0; same && i < given.length; i++) {
            same = template[i].startsWith("{") || template[i].equals(given[i]);
        }
        return same;
    }

    private List<String> check(
            String method,
            String path,
            int status,
            JsonNode body,
            Map<String, List<String>> headers) {
        List<String> problems = new ArrayList<>();
        if (status == 422 && body.at("/error/code").asText().equals("prompt_required_params")) {
            problems.addAll(validate("PromptError", body));
            JsonNode step = body.at("/error/state_machine_step");
            step(step, problems);
            List<String> asked = headers.getOrDefault("whdb-prompt", List.of());
            if (!asked.equals(List.of(step.path("post_params_value_key").asText()))) {
                problems.add("header Whdb-Prompt is " + asked);
            }
        } else if (status >= 400) {
            problems.addAll(validate("ErrorEnvelope", body));
            if (body.at("/error/status").asInt() != status) {
                problems.add("error.status is " + body.at("/error/status") + " under " + status);
            }
        } else {
            operation(method, path).ifPresent(op -> success(op, status, body, problems));
        }
        return problems;
    }

    private void success(JsonNode operation, int status, JsonNode body, List<String> problems) {
        JsonNode form = operation.path("answers").path(Integer.toString(status));
        if (form.isMissingNode()) {
            problems.add("status " + status + ", expected " + operation.path("answers"));
            return;
        }
        String name = form.asText().replace("list of ", "");
        if (form.asText().startsWith("list of ")) {
            problems.addAll(validate("CollectionBase", body));
            body.path("items").forEach(item -> problems.addAll(validate(name, item)));
            body.path("items").forEach(item -> shown(body.path("display_headers"), item, problems));
            headers(operation.path("display_headers"), body.path("display_headers"), problems);
        } else if (!name.isEmpty()) {
            problems.addAll(validate(name, body));
            shown(body.path("display_headers"), body, problems);
        }
        if (name.equals("StateMachineStep")) {
            step(body, problems);
        }
    }

    /** The titles people know, in their order; there may be more between them. */
    private static void headers(JsonNode expected, JsonNode given, List<String> problems) {
        int found = 0;
        for (JsonNode header : given) {
            if (found < expected.size() && header.equals(expected.get(found))) {
                found++;
            }
        }
        if (found < expected.size()) {
            problems.add("display_headers are " + given + ", expected " + expected);
        }
    }

    private static void shown(JsonNode headers, JsonNode item, List<String> problems) {
        for (JsonNode header : headers) {
            JsonNode value = item.path(header.path(0).asText());
            if (value.isNumber() && Math.abs(value.asDouble()) > LARGEST_SHOWN) {
                problems.add(header.path(0) + " is " + value + ", which terminals write as 1e+06");
            } else if (value.isContainerNode()) {
                problems.add(header.path(0) + " is " + value + ", which terminals cannot show");
            }
        }
    }

    /** A step that neither asks nor ends is dropped in silence. */
    private static void step(JsonNode step, List<String> problems) {
        if (step.path("needs_input").asBoolean() == step.path("complete").asBoolean()) {
            problems.add("step neither asks nor ends, or both: " + step);
        }
        if (step.path("needs_input").asBoolean()
                && (step.path("prompt").asText().isBlank()
                        || step.path("post_to_url").asText().isBlank())) {
            problems.add("step asks nothing, or tells no address: " + step);
        }
        if (step.path("post_to_url").asText().contains("%")) {
            problems.add("post_to_url has a percent sign: " + step.path("post_to_url"));
        }
    }

    private List<String> validate(String schema, JsonNode node) {
        ObjectNode root = facts.deepCopy();
        root.put("$ref", "#/schemas/" + schema);
        return factory.getSchema(root).validate(node).stream()
                .map(ValidationMessage::getMessage)
                .toList();
    }

    private static JsonNode read() {
        try (InputStream file =
                TestingContract.class.getResourceAsStream("api/openapi/contract.yaml")) {
            return new YAMLMapper().readTree(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
