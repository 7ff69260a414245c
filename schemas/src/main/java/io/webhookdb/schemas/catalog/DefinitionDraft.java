package io.webhookdb.schemas.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import io.webhookdb.schemas.catalog.DraftColumns.Draft;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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
        Optional<String> kind = DraftKey.everywhere(samples, KINDS);
        Optional<String> root = listed ? Optional.empty() : root(kind, service);
        List<JsonNode> resources = root.map(this::at).orElse(samples);
        Optional<String> key = DraftKey.of(resources, about(root, service));
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
                        yaml.append("envelope:\n")
                                .append(
                                        kind.map(
                                                        place ->
                                                                "  wrapped-when: [{event: "
                                                                        + place
                                                                        + "}]\n")
                                                .orElse(""))
                                .append("  resource: ")
                                .append(at)
                                .append('\n'));
        yaml.append(key.map(at -> key(resources, at)).orElse(DefinitionDraft.generated()));
        versionTime(columns, root.isPresent()).ifPresent(yaml::append);
        yaml.append("columns:").append(columns.isEmpty() ? " []\n" : "\n");
        columns.forEach(column -> yaml.append("- ").append(column.yaml()).append('\n'));
        return yaml.toString();
    }

    /** Where usual names have it; else the only object with a key, in a body that has none. */
    private Optional<String> root(Optional<String> kind, String service) {
        Optional<String> usual =
                RESOURCES.stream().filter(at -> kind.isPresent() && isObject(at)).findFirst();
        if (usual.isPresent()
                || DraftKey.of(samples, about(Optional.empty(), service)).isPresent()) {
            return usual;
        }
        List<String> keyed =
                samples.get(0).properties().stream()
                        .map(member -> "/" + member.getKey())
                        .filter(at -> at.matches("/[A-Za-z0-9_-]+") && isObject(at))
                        .filter(
                                at ->
                                        DraftKey.of(at(at), about(Optional.of(at), service))
                                                .isPresent())
                        .toList();
        return keyed.size() == 1 ? Optional.of(keyed.get(0)) : Optional.empty();
    }

    private boolean isObject(String at) {
        return samples.stream().allMatch(sample -> sample.at(at).isObject());
    }

    private List<JsonNode> at(String place) {
        return samples.stream().map(sample -> sample.at(place)).toList();
    }

    /** Words the resource is called by: {@code acme_order_v1} at /purchase: order, purchase. */
    private static Set<String> about(Optional<String> root, String service) {
        Set<String> words = new HashSet<>();
        String[] parts = service.split("_");
        for (int i = 1; i < parts.length - 1; i++) {
            words.add(String.join("_", Arrays.copyOfRange(parts, i, parts.length - 1)));
        }
        root.ifPresent(at -> words.add(DraftColumns.name(at)));
        return words;
    }

    private static String key(List<JsonNode> resources, String at) {
        ColumnType type = DraftColumns.keyType(resources.stream().map(r -> r.at(at)).toList());
        String column = DraftColumns.name(at.substring(1));
        return "key: {column: " + column + ", type: " + type.sql() + ", pointer: " + at + "}\n";
    }

    private static String generated() {
        return "# Nothing here is named like a key, so every request is a row. If something is"
                + " one:\n"
                + "# key: {column: order_id, type: text, pointer: /order/reference}\n"
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
        return DraftKey.everywhere(samples, EVENT_TIMES)
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
}
