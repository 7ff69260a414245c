package io.webhookdb.helm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The chart, rendered by the real Helm engine. */
final class Chart {
    static final Path FOLDER = Path.of("webhookdb").toAbsolutePath();
    static final YAMLMapper YAML = new YAMLMapper();

    private Chart() {}

    static Path values(String name) {
        return Path.of("src/test/resources/values", name + ".yaml").toAbsolutePath();
    }

    /** The text Helm makes of the chart with a file of values and single ones over it. */
    static String text(String values, Map<String, Object> set) {
        TemplateCommand command =
                new Helm(FOLDER)
                        .template()
                        .withName("hooks")
                        .withNamespace("data")
                        .withKubeVersion("1.30.0")
                        .withValuesFile(values(values));
        // What is rendered for a hook is not part of the text.
        command.set("migrations.asHook", false);
        set.forEach(command::set);
        return command.call();
    }

    static List<JsonNode> resources(String values, Map<String, Object> set) {
        try (MappingIterator<JsonNode> documents =
                YAML.readerFor(JsonNode.class).readValues(text(values, set))) {
            return documents.readAll().stream()
                    .filter(node -> node != null && node.isObject() && !node.isEmpty())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<JsonNode> resources(String values) {
        return resources(values, Map.of());
    }

    /** The only resource of that kind and name. */
    static JsonNode one(List<JsonNode> resources, String kind, String name) {
        List<JsonNode> found =
                resources.stream()
                        .filter(node -> node.path("kind").asText().equals(kind))
                        .filter(node -> node.at("/metadata/name").asText().equals(name))
                        .toList();
        if (found.size() != 1) {
            throw new AssertionError(found.size() + " resources " + kind + " " + name);
        }
        return found.get(0);
    }
}
