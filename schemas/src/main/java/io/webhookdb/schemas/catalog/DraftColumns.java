package io.webhookdb.schemas.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;

/** Guesses columns from values: scalars, one level of nesting deep, and lists of texts. */
final class DraftColumns {
    private static final Pattern ISO_TIME =
            Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}.*");
    private static final Pattern ISO_DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
    private static final Pattern UUID =
            Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    private static final Pattern TIME_NAME =
            Pattern.compile(
                    "(^|.*_)(at|on|time|timestamp|created|updated|modified|date|seen|since|until|from"
                        + "|expires|expiry|started|ended|finished|sent|received|paid|due)");
    private static final Set<String> RESERVED = Set.of("pk", "data");

    private DraftColumns() {}

    /** One guessed column. {@code time} is the format of a time. */
    record Draft(
            String name,
            String pointer,
            ColumnType type,
            Optional<String> convert,
            Optional<String> time,
            boolean always) {

        /** As a line of the file. */
        String yaml() {
            String sql = type.isArray() ? "'" + type.sql() + "'" : type.sql();
            boolean indexed = time.isPresent() || name.endsWith("_id");
            return "{name: "
                    + name
                    + ", type: "
                    + sql
                    + ", pointer: "
                    + pointer
                    + convert.map(word -> ", convert: " + word).orElse("")
                    + (always ? "" : ", presence: optional")
                    + (indexed ? ", index: all" : "")
                    + "}";
        }
    }

    /** The columns of these resources, except the key. */
    static List<Draft> of(List<JsonNode> resources, String key) {
        Map<String, List<JsonNode>> values = new LinkedHashMap<>();
        resources.forEach(resource -> collect(resource, "", 2, values));
        Map<String, Draft> drafts = new LinkedHashMap<>();
        values.forEach(
                (pointer, found) -> {
                    if (!pointer.equals(key) && drafts.size() < OwnDefinition.MOST_COLUMNS) {
                        String name = name(pointer.substring(1));
                        draft(name, pointer, found, resources.size())
                                .ifPresent(column -> drafts.putIfAbsent(name, column));
                    }
                });
        if (!key.isEmpty()) {
            drafts.remove(name(key.substring(1)));
        }
        return new ArrayList<>(drafts.values());
    }

    private static void collect(
            JsonNode node, String at, int depth, Map<String, List<JsonNode>> values) {
        node.properties()
                .forEach(
                        member -> {
                            String name = member.getKey();
                            if (name.isEmpty() || name.matches(".*[^A-Za-z0-9_.@-].*")) {
                                return;
                            }
                            String pointer = at + "/" + name;
                            if (member.getValue().isObject() && depth > 1) {
                                collect(member.getValue(), pointer, depth - 1, values);
                            } else {
                                values.computeIfAbsent(pointer, p -> new ArrayList<>())
                                        .add(member.getValue());
                            }
                        });
    }

    private static Optional<Draft> draft(
            String name, String pointer, List<JsonNode> found, int samples) {
        List<JsonNode> values = found.stream().filter(value -> !value.isNull()).toList();
        boolean always = found.size() == samples;
        if (values.isEmpty()) {
            return Optional.empty();
        }
        if (values.stream().allMatch(DraftColumns::isTexts)) {
            return Optional.of(plain(name, pointer, ColumnType.TEXT_ARRAY, always));
        }
        if (!values.stream().allMatch(JsonNode::isValueNode)) {
            return Optional.empty();
        }
        if (all(values, ISO_TIME)) {
            return Optional.of(
                    new Draft(
                            name,
                            pointer,
                            ColumnType.TIMESTAMPTZ,
                            Optional.empty(),
                            Optional.of("iso-8601"),
                            always));
        }
        Optional<String> unix =
                TIME_NAME.matches(name) && values.stream().allMatch(JsonNode::isNumber)
                        ? unix(values)
                        : Optional.empty();
        return unix.isPresent()
                ? Optional.of(new Draft(name, pointer, ColumnType.TIMESTAMPTZ, unix, unix, always))
                : Optional.of(plain(name, pointer, type(values), always));
    }

    private static Draft plain(String name, String pointer, ColumnType type, boolean always) {
        return new Draft(name, pointer, type, Optional.empty(), Optional.empty(), always);
    }

    private static boolean isTexts(JsonNode value) {
        return value.isArray()
                && !value.isEmpty()
                && StreamSupport.stream(value.spliterator(), false).allMatch(JsonNode::isTextual);
    }

    private static Optional<String> unix(List<JsonNode> values) {
        if (values.stream().allMatch(v -> v.asDouble() >= 1e9 && v.asDouble() < 5e9)) {
            return Optional.of("unix-seconds");
        }
        return values.stream().allMatch(v -> v.asDouble() >= 1e12 && v.asDouble() < 5e12)
                ? Optional.of("unix-milliseconds")
                : Optional.empty();
    }

    private static ColumnType type(List<JsonNode> values) {
        if (values.stream().allMatch(JsonNode::isBoolean)) {
            return ColumnType.BOOLEAN;
        }
        if (values.stream().allMatch(v -> v.isIntegralNumber() && v.canConvertToLong())) {
            return ColumnType.BIGINT;
        }
        if (values.stream().allMatch(JsonNode::isNumber)) {
            return ColumnType.NUMERIC;
        }
        return all(values, ISO_DATE) ? ColumnType.DATE : ColumnType.TEXT;
    }

    /** The type of a key; text unless all say otherwise. */
    static ColumnType keyType(List<JsonNode> values) {
        if (values.stream().allMatch(v -> v.isIntegralNumber() && v.canConvertToLong())) {
            return ColumnType.BIGINT;
        }
        return all(values, UUID) ? ColumnType.UUID : ColumnType.TEXT;
    }

    private static boolean all(List<JsonNode> values, Pattern pattern) {
        return values.stream().allMatch(v -> v.isTextual() && pattern.matches(v.asText()));
    }

    /**
     * {@code customer/firstName} to {@code customer_first_name}: a name SQL needs no quotes for.
     */
    static String name(String path) {
        String snake =
                path.replaceAll("([a-z0-9])([A-Z])", "$1_$2")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^a-z0-9]+", "_")
                        .replaceAll("^_+|_+$", "");
        String started =
                snake.isEmpty() || !Character.isLetter(snake.charAt(0)) ? "c_" + snake : snake;
        String name = RESERVED.contains(started) ? started + "_value" : started;
        return name.length() > 63 ? name.substring(0, 63) : name;
    }
}
