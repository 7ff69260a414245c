package io.webhookdb.schemas.row;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.webhookdb.schemas.catalog.ColumnType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;
import java.util.UUID;

/**
 * Writes JSON scalars in the text form Postgres reads for a column type. A value the type cannot
 * take is no error: it has no text, the column becomes NULL and the caller counts the drift.
 */
final class CellText {
    private static final int LONGEST_NUMBER = 1_000;
    private static final int LARGEST_EXPONENT = 10_000;

    private CellText() {}

    /**
     * Text of a scalar that is not null.
     *
     * @return empty if the type cannot take the value
     */
    static Optional<String> of(ColumnType type, JsonToken kind, String text) {
        return switch (type) {
            case TEXT -> Optional.of(storable(text));
            case INTEGER -> integer(text, kind, 31);
            case BIGINT -> integer(text, kind, 63);
            case NUMERIC -> number(text, kind).map(BigDecimal::toString);
            case DOUBLE -> doublePrecision(text, kind);
            case BOOLEAN -> truth(text);
            case TIMESTAMPTZ ->
                    kind == JsonToken.VALUE_STRING
                            ? TimeText.timestamp(text).map(TimeText::sql)
                            : Optional.empty();
            case DATE ->
                    kind == JsonToken.VALUE_STRING
                            ? TimeText.date(text).map(Object::toString)
                            : Optional.empty();
            case UUID -> uuid(text);
            case JSONB -> Optional.of(json(kind, text));
            case BIGINT_ARRAY, INTEGER_ARRAY, TEXT_ARRAY -> Optional.empty();
        };
    }

    /**
     * Without the NUL character, and with lone surrogates replaced: what Postgres text can hold.
     */
    static String storable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0 || Character.isSurrogate(c)) {
                return repaired(text);
            }
        }
        return text;
    }

    private static String repaired(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints()
                .filter(point -> point != 0)
                .map(
                        point ->
                                point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE
                                        ? 0xFFFD
                                        : point)
                .forEach(out::appendCodePoint);
        return out.toString();
    }

    private static Optional<String> integer(String text, JsonToken kind, int bits) {
        if (kind == JsonToken.VALUE_NUMBER_INT && text.length() < 10) {
            return Optional.of(text);
        }
        return number(text, kind)
                .filter(value -> value.stripTrailingZeros().scale() <= 0)
                .map(BigDecimal::toBigInteger)
                .filter(value -> value.bitLength() <= bits)
                .map(BigInteger::toString);
    }

    private static Optional<BigDecimal> number(String text, JsonToken kind) {
        if (!kind.isNumeric() && kind != JsonToken.VALUE_STRING || text.length() > LONGEST_NUMBER) {
            return Optional.empty();
        }
        try {
            BigDecimal value = new BigDecimal(text.strip());
            return Math.abs((long) value.precision() - value.scale()) <= LARGEST_EXPONENT
                    ? Optional.of(value)
                    : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> doublePrecision(String text, JsonToken kind) {
        return number(text, kind)
                .map(BigDecimal::doubleValue)
                .filter(Double::isFinite)
                .map(value -> Double.toString(value));
    }

    private static Optional<String> truth(String text) {
        return text.equals("true") || text.equals("false") ? Optional.of(text) : Optional.empty();
    }

    private static Optional<String> uuid(String text) {
        try {
            return text.length() == 36
                    ? Optional.of(UUID.fromString(text).toString())
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String json(JsonToken kind, String text) {
        return kind == JsonToken.VALUE_STRING
                ? '"'
                        + String.valueOf(
                                JsonStringEncoder.getInstance().quoteAsString(storable(text)))
                        + '"'
                : text;
    }
}
