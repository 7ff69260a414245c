package io.webhookdb.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The server's own description, held against what it answers. */
final class ServedDocument {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final ObjectNode document;
    private final JsonSchemaFactory factory = JsonSchemaFactory.getInstance(VersionFlag.V202012);

    ServedDocument(byte[] document) throws IOException {
        this.document = (ObjectNode) MAPPER.readTree(document);
    }

    /** What an answer has that the description does not allow, or lacks. */
    List<String> problems(RecordingProxy.Recorded recorded) {
        List<String> problems = new ArrayList<>();
        Optional<JsonNode> operation = operation(recorded);
        if (operation.isEmpty()) {
            return List.of(recorded + " is not described");
        }
        JsonNode responses = operation.get().path("responses");
        String status = Integer.toString(recorded.status());
        JsonNode response = responses.path(responses.has(status) ? status : "default");
        if (recorded.status() < 400 && !responses.has(status)) {
            problems.add(recorded + ", described are " + fieldNames(responses));
        }
        if (!recorded.headers()
                .getOrDefault("content-type", List.of(""))
                .get(0)
                .startsWith("application/json")) {
            problems.add(recorded + " has content type " + recorded.headers().get("content-type"));
        }
        JsonNode schema = response.path("content").path("application/json").path("schema");
        for (ValidationMessage message : validate(schema, body(recorded))) {
            problems.add(recorded + ": " + message.getMessage());
        }
        return problems;
    }

    private Iterable<ValidationMessage> validate(JsonNode schema, JsonNode body) {
        ObjectNode root = MAPPER.createObjectNode();
        root.set("components", document.get("components"));
        root.setAll((ObjectNode) schema);
        return factory.getSchema(root).validate(body);
    }

    private Optional<JsonNode> operation(RecordingProxy.Recorded recorded) {
        String[] given = recorded.path().split("/", -1);
        return document.path("paths").properties().stream()
                .filter(path -> path.getValue().has(recorded.method()))
                .filter(path -> matches(path.getKey().split("/", -1), given))
                .min(Comparator.comparingInt(path -> path.getKey().split("\\{", -1).length))
                .map(Map.Entry::getValue)
                .map(path -> path.get(recorded.method()));
    }

    private static boolean matches(String[] template, String[] given) {
        boolean same = template.length == given.length;
        for (int i = 0; same && i < given.length; i++) {
            same = template[i].startsWith("{") || template[i].equals(given[i]);
        }
        return same;
    }

    private static JsonNode body(RecordingProxy.Recorded recorded) {
        try {
            return MAPPER.readTree(recorded.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> fieldNames(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
