package io.webhookdb.controlplane.api.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.webhookdb.controlplane.api.http.Json;
import io.webhookdb.controlplane.api.http.Paths;
import io.webhookdb.controlplane.api.http.Router.Route;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An OpenAPI 3.1 document of a table of routes. Which paths there are, the routes say; what they
 * take and answer, {@code operations.yaml} beside this class, where it has an entry.
 */
final class OpenApiDocument {
    private static final Pattern PARAMETER = Pattern.compile("\\{([^}]+)}");
    private static final String ORGANIZATION = "{" + Paths.ORGANIZATION + "}";
    private static final String LIST = "list of ";
    private static final String ERROR = "ErrorEnvelope";

    private final URI apiUrl;
    private final JsonNode described = read();

    OpenApiDocument(URI apiUrl) {
        this.apiUrl = apiUrl;
    }

    ObjectNode of(List<Route> routes) {
        ObjectNode document = Json.MAPPER.createObjectNode();
        document.put("openapi", "3.1.0");
        document.putObject("info")
                .put("title", "WebhookDB control plane")
                .put("version", "1")
                .putObject("license")
                .put("name", "Apache-2.0");
        document.putArray("servers").addObject().put("url", apiUrl.toString());
        ArrayNode security = document.putArray("security");
        security.addObject().putArray("session");
        security.addObject().putArray("token");
        ObjectNode paths = document.putObject("paths");
        routes.forEach(
                route ->
                        paths.withObjectProperty(route.path())
                                .set(route.method(), operation(route)));
        ObjectNode components = document.putObject("components");
        components.set("schemas", described.path("schemas"));
        ObjectNode schemes = components.putObject("securitySchemes");
        schemes.putObject("session")
                .put("type", "apiKey")
                .put("in", "header")
                .put("name", "Whdb-Auth-Token");
        schemes.putObject("token").put("type", "http").put("scheme", "bearer");
        return document;
    }

    /** Method and path of every entry. */
    Set<String> described() {
        Set<String> described = new TreeSet<>();
        this.described.path("operations").fieldNames().forEachRemaining(described::add);
        return described;
    }

    private ObjectNode operation(Route route) {
        JsonNode known = described.path("operations").path(route.method() + " " + route.path());
        ObjectNode operation = Json.MAPPER.createObjectNode();
        operation.put("operationId", known.path("id").asText(generatedId(route)));
        if (known.has("summary")) {
            operation.set("summary", known.get("summary"));
        }
        if (known.path("open").asBoolean()) {
            operation.putArray("security");
        }
        parameters(operation.putArray("parameters"), route, known);
        if (known.has("body")) {
            body(operation.putObject("requestBody"), known.get("body"));
        }
        answers(operation.putObject("responses"), known);
        return operation;
    }

    private static void parameters(ArrayNode parameters, Route route, JsonNode known) {
        Matcher matcher = PARAMETER.matcher(route.path());
        while (matcher.find()) {
            parameter(parameters, matcher.group(1), "path").put("required", true);
        }
        known.path("query").forEach(name -> parameter(parameters, name.asText(), "query"));
        known.path("headers").forEach(name -> parameter(parameters, name.asText(), "header"));
    }

    private static ObjectNode parameter(ArrayNode parameters, String name, String in) {
        ObjectNode parameter = parameters.addObject().put("name", name).put("in", in);
        parameter.putObject("schema").put("type", "string");
        return parameter;
    }

    private static void body(ObjectNode request, JsonNode fields) {
        ObjectNode schema =
                request.putObject("content")
                        .putObject("application/json")
                        .putObject("schema")
                        .put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        ArrayNode required = schema.arrayNode();
        for (var field : fields.properties()) {
            String name = field.getKey().replace("!", "");
            properties.set(name, field.getValue());
            if (field.getKey().endsWith("!")) {
                required.add(name);
            }
        }
        if (!required.isEmpty()) {
            schema.set("required", required);
        }
        request.put("required", !required.isEmpty());
    }

    private static void answers(ObjectNode responses, JsonNode known) {
        if (!known.has("answers")) {
            response(responses, "200").put("type", "object");
        }
        for (var answer : known.path("answers").properties()) {
            String form = answer.getValue().asText();
            if (form.isEmpty()) {
                responses.putObject(answer.getKey()).put("description", "Empty");
            } else if (form.startsWith(LIST)) {
                list(response(responses, answer.getKey()), form.substring(LIST.length()));
            } else {
                reference(response(responses, answer.getKey()), form);
            }
        }
        if (known.path("prompts").asBoolean()) {
            reference(response(responses, "422"), "PromptError");
        }
        reference(response(responses, "default"), ERROR);
    }

    private static ObjectNode response(ObjectNode responses, String status) {
        return responses
                .putObject(status)
                .put("description", status.equals("default") ? "Refused or failed" : "Answered")
                .putObject("content")
                .putObject("application/json")
                .putObject("schema");
    }

    private static void list(ObjectNode schema, String item) {
        ArrayNode all = schema.putArray("allOf");
        reference(all.addObject(), "CollectionBase");
        ObjectNode items = all.addObject().putObject("properties").putObject("items");
        reference(items.put("type", "array").putObject("items"), item);
    }

    private static void reference(ObjectNode schema, String name) {
        schema.put("$ref", "#/components/schemas/" + name);
    }

    /** Method and words of the path: {@code getOrganizationsTokens}. */
    private static String generatedId(Route route) {
        StringBuilder id = new StringBuilder(route.method());
        for (String word : route.path().replace(ORGANIZATION, "").split("[^A-Za-z0-9]+")) {
            if (!word.isEmpty() && !word.equals("v1")) {
                id.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
            }
        }
        return id.toString();
    }

    private static JsonNode read() {
        try (InputStream file = OpenApiDocument.class.getResourceAsStream("operations.yaml")) {
            return new YAMLMapper().readTree(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
