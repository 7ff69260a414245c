package io.webhookdb.schemas.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Guesses what identifies a resource: a usual name, else one that speaks of it. */
final class DraftKey {
    private static final List<String> USUAL =
            List.of("/id", "/uuid", "/guid", "/gid", "/uid", "/key", "/_id", "/number", "/name");
    private static final Pattern NUMBERS =
            Pattern.compile("(.*_)?(number|no|nr|reference|code|key|sku|uuid|guid)");

    private DraftKey() {}

    /**
     * The place of the key.
     *
     * @param about words the resource is called by: its member in the event, the service's name
     */
    static Optional<String> of(List<JsonNode> resources, Set<String> about) {
        Optional<String> usual = everywhere(resources, USUAL);
        return usual.isPresent()
                ? usual
                : named(resources, name -> isOf(name, about))
                        .or(() -> named(resources, NUMBERS::matches));
    }

    /** The first place where each has a text or a number. */
    static Optional<String> everywhere(List<JsonNode> nodes, List<String> pointers) {
        return pointers.stream()
                .filter(at -> nodes.stream().map(node -> node.at(at)).allMatch(DraftKey::isScalar))
                .findFirst();
    }

    private static Optional<String> named(List<JsonNode> resources, Predicate<String> wanted) {
        List<String> places = new ArrayList<>();
        for (Map.Entry<String, JsonNode> member : resources.get(0).properties()) {
            String at = "/" + member.getKey();
            if (!member.getKey().matches(".*[/~].*") && wanted.test(DraftColumns.name(at))) {
                places.add(at);
            }
        }
        return places.stream()
                .filter(at -> everywhere(resources, List.of(at)).isPresent())
                .filter(at -> distinct(resources, at))
                .findFirst();
    }

    /** What is the same in two samples identifies neither, unless both are of one resource. */
    private static boolean distinct(List<JsonNode> resources, String at) {
        Set<String> values = new HashSet<>();
        resources.forEach(resource -> values.add(resource.at(at).asText()));
        return values.size() == resources.size();
    }

    private static boolean isOf(String name, Set<String> about) {
        return about.stream()
                .anyMatch(
                        word ->
                                List.of("_id", "_uuid", "_number", "_no", "_key", "_code").stream()
                                        .anyMatch(end -> name.equals(word + end)));
    }

    private static boolean isScalar(JsonNode node) {
        return node.isTextual() || node.isNumber();
    }
}
