package io.webhookdb.schemas.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import io.webhookdb.schemas.catalog.DraftColumns.Draft;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Drafts the file of an own service from samples of what will be posted. A guess to start from: the
 * key, the types and the times are read off the samples, what is not in them is not in the draft.
 */
public final class DefinitionDraft {
    /** Where vendors put the resource in an event, the most particular first. */
    private static final List<String> RESOURCES =
            List.of("/data/object", "/data", "/payload", "/object", "/resource", "/record");

    /** What tells an event from a resource. */
    private static final List<String> KINDS =
            List.of("/type", "/event", "/event_type", "/eventType", "/topic", "/action");

    private static final List<String> KEYS =
            List.of("/id", "/uuid", "/guid", "/gid", "/uid", "/key", "/_id", "/number", "/name");

    private static final List<String> EVENT_TIMES =
            List.of("/created_at", "/createdAt", "/timestamp", "/occurred_at", "/created", "/time");

    private final List<JsonNode> samples = new ArrayList<>();
    private boolean listed;

    private DefinitionDraft() {}

    /**
     * The draft as YAML.
     *
     * @param service name the service is to have
     * @param samples bodies, at least one
     * @throws IllegalArgumentException if none of them has an object
     */
    public static String of(String service, List<JsonNode> samples) {
        DefinitionDraft draft = new DefinitionDraft();
        for (JsonNode sample : samples) {
            if (sample.isArray()) {
                draft.listed = true;
                sample.forEach(draft::add);
            } else {
                draft.add(sample);
            }
        }
        if (draft.samples.isEmpty()) {
            throw new IllegalArgumentException(
                    "A sample has to be a JSON object, or an array of objects.");
        }
        return draft.yaml(service);
    }

    private void add(JsonNode sample) {
        if (sample.isObject()) {
            samples.add(sample);
        }
    }

    private String yaml(String service) {
        Optional<String> kind = everywhere(samples, KINDS);
        Optional<String> root =
                listed || kind.isEmpty()
                        ? Optional.empty()
                        : RESOURCES.stream()
                                .filter(at -> samples.stream().allMatch(s -> s.at(at).isObject()))
                                .findFirst();
        List<JsonNode> resources =
                root.map(at -> samples.stream().map(sample -> sample.at(at)).toList())
                        .orElse(samples);
        Optional<String> key = everywhere(resources, KEYS);
        List<Draft> columns = DraftColumns.of(resources, key.orElse(""));
        StringBuilder yaml = new StringBuilder("# Drafted from ");
        yaml.append(samples.size()).append(samples.size() == 1 ? " sample" : " samples");
        yaml.append(": check it before you define it.\nservice: ").append(service).append('\n');
        yaml.append("verification: {scheme: none}\n");
        if (listed) {
            yaml.append("envelope: {lists: ['']}\n");
        }
        root.ifPresent(
                at ->
                        yaml.append("envelope:\n  wrapped-when: [{event: ")
                                .append(kind.orElseThrow())
                                .append("}]\n  resource: ")
                                .append(at)
                                .append('\n'));
        yaml.append(key.map(at -> key(resources, at)).orElse(DefinitionDraft.generated()));
        versionTime(columns, root.isPresent()).ifPresent(yaml::append);
        yaml.append("columns:").append(columns.isEmpty() ? " []\n" : "\n");
        columns.forEach(column -> yaml.append("- ").append(column.yaml()).append('\n'));
        return yaml.toString();
    }

    private static String key(List<JsonNode> resources, String at) {
        ColumnType type = DraftColumns.keyType(resources.stream().map(r -> r.at(at)).toList());
        String column = DraftColumns.name(at.substring(1));
        return "key: {column: " + column + ", type: " + type.sql() + ", pointer: " + at + "}\n";
    }

    private static String generated() {
        return "# Nothing identifies an object in all samples, so every request is a row.\n"
                + "key: {column: unique_id, type: text, generated: event-id}\n";
    }

    /** When the resource changed, else when the event took place. */
    private Optional<String> versionTime(List<Draft> columns, boolean wrapped) {
        Optional<Draft> changed =
                columns.stream()
                        .filter(column -> column.time().isPresent())
                        .filter(column -> column.name().matches(".*(updated|modified|changed).*"))
                        .findFirst();
        if (changed.isPresent()) {
            return Optional.of(time("resource", changed.get().pointer(), changed.get()));
        }
        if (!wrapped) {
            return Optional.empty();
        }
        return everywhere(samples, EVENT_TIMES)
                .flatMap(
                        at ->
                                DraftColumns.of(samples, "").stream()
                                        .filter(column -> column.pointer().equals(at))
                                        .filter(column -> column.time().isPresent())
                                        .map(column -> time("event", at, column))
                                        .findFirst());
    }

    private static String time(String where, String at, Draft column) {
        return "version-time:\n- {"
                + where
                + ": "
                + at
                + ", format: "
                + column.time().orElseThrow()
                + "}\n";
    }

    private static Optional<String> everywhere(List<JsonNode> nodes, List<String> pointers) {
        return pointers.stream()
                .filter(
                        at ->
                                nodes.stream()
                                        .map(node -> node.at(at))
                                        .allMatch(node -> node.isTextual() || node.isNumber()))
                .findFirst();
    }
}
