package io.webhookdb.schemas.change;

import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * What a column has to hold for a change to be told onward. A closed form: one column, one word,
 * constants. Nothing is evaluated.
 *
 * @param column name of a column
 * @param is how it is compared
 * @param values what with: none, one, or for {@code in} and {@code not_in} at least one
 */
public record ColumnCondition(String column, Comparison is, List<JsonNode> values) {
    private static final int MOST_VALUES = 100;
    private static final JsonMapper MAPPER = new JsonMapper();

    /** How a column is compared. Words are part of the public format. */
    public enum Comparison {
        EQ,
        NE,
        LT,
        LTE,
        GT,
        GTE,
        IN,
        NOT_IN,
        IS_NULL,
        NOT_NULL;

        /** Lower-case word. */
        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        private boolean takesNone() {
            return this == IS_NULL || this == NOT_NULL;
        }

        private boolean takesMany() {
            return this == IN || this == NOT_IN;
        }

        private static String words() {
            return Arrays.stream(values()).map(Comparison::word).collect(Collectors.joining(", "));
        }
    }

    public ColumnCondition {
        values = List.copyOf(values);
    }

    /**
     * Reads {@code COLUMN COMPARISON [VALUE]}, such as {@code status eq paid}, {@code total gte 100}
     * or {@code status in ["paid","open"]}. A value is JSON if it can be read as such, else text.
     *
     * @throws IllegalArgumentException saying what was expected
     */
    public static ColumnCondition parse(String text) {
        String[] words = text.strip().split("\\s+", 3);
        Comparison is =
                Arrays.stream(Comparison.values())
                        .filter(one -> words.length > 1 && one.word().equals(words[1]))
                        .findFirst()
                        .orElseThrow(() -> wrong(text, "allowed are " + Comparison.words()));
        if (is.takesNone() == words.length > 2) {
            throw wrong(text, is.word() + " takes " + (is.takesNone() ? "no value" : "a value"));
        }
        List<JsonNode> values = is.takesNone() ? List.of() : values(is, words[2]);
        if (values.isEmpty() != is.takesNone()
                || values.size() > MOST_VALUES
                || values.stream().anyMatch(value -> !value.isValueNode() || value.isNull())) {
            throw wrong(
                    text,
                    is.word()
                            + " takes "
                            + (is.takesMany()
                                    ? "an array of 1 to " + MOST_VALUES + " texts or numbers"
                                    : "a text, a number, true or false"));
        }
        return new ColumnCondition(words[0], is, values);
    }

    /** The text that {@link #parse} reads. */
    public String text() {
        String start = column + " " + is.word();
        if (is.takesNone()) {
            return start;
        }
        return start
                + " "
                + (is.takesMany()
                        ? MAPPER.createArrayNode().addAll(values).toString()
                        : values.get(0).toString());
    }

    /**
     * Whether a value meets this. Numbers compare as numbers, everything else as text; null meets
     * only {@code is_null}, {@code ne} and {@code not_in}.
     *
     * @param value may be null
     */
    boolean meets(JsonNode value) {
        boolean isNull = value == null || value.isNull() || value.isMissingNode();
        return switch (is) {
            case IS_NULL -> isNull;
            case NOT_NULL -> !isNull;
            case EQ, IN -> !isNull && values.stream().anyMatch(one -> compare(value, one) == 0);
            case NE, NOT_IN -> isNull || values.stream().noneMatch(one -> compare(value, one) == 0);
            case LT -> !isNull && compare(value, values.get(0)) < 0;
            case LTE -> !isNull && compare(value, values.get(0)) <= 0;
            case GT -> !isNull && compare(value, values.get(0)) > 0;
            case GTE -> !isNull && compare(value, values.get(0)) >= 0;
        };
    }

    private static int compare(JsonNode one, JsonNode other) {
        BigDecimal left = number(one);
        BigDecimal right = number(other);
        return left != null && right != null
                ? left.compareTo(right)
                : text(one).compareTo(text(other));
    }

    private static BigDecimal number(JsonNode value) {
        if (value.isNumber()) {
            return value.decimalValue();
        }
        // Large numbers are sent as text.
        return value.isTextual() && value.textValue().matches("-?\\d{1,40}(\\.\\d{1,40})?")
                ? new BigDecimal(value.textValue())
                : null;
    }

    private static String text(JsonNode value) {
        return value.isValueNode() ? value.asText() : value.toString();
    }

    private static List<JsonNode> values(Comparison is, String text) {
        JsonNode value;
        try {
            value = MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            value = TextNode.valueOf(text);
        }
        if (is.takesMany()) {
            return value.isArray()
                    ? StreamSupport.stream(value.spliterator(), false).toList()
                    : List.of();
        }
        return List.of(value);
    }

    private static IllegalArgumentException wrong(String text, String expected) {
        return new IllegalArgumentException(
                "\"" + text + "\" is no condition: expected COLUMN COMPARISON VALUE; " + expected);
    }
}
