package io.webhookdb.cli.output;

import com.fasterxml.jackson.databind.JsonNode;
import io.webhookdb.cli.api.Json;
import java.math.BigDecimal;

/** JSON values as text. */
final class Cells {
    /** Longer numbers stay in scientific form: 1e100000 is not for reading digit by digit. */
    private static final int PLAIN_DIGITS = 60;

    private Cells() {}

    /** As for a person; {@code absent} stands for null and missing. */
    static String text(JsonNode value, String absent) {
        return value == null || value.isNull() || value.isMissingNode()
                ? absent
                : Printable.text(plain(value));
    }

    /** As for a program; null for null and missing. */
    static String plainOrNull(JsonNode value) {
        return value == null || value.isNull() || value.isMissingNode() ? null : plain(value);
    }

    private static String plain(JsonNode value) {
        if (value.isTextual()) {
            return value.textValue();
        }
        return value.isBigDecimal() ? decimal(value.decimalValue()) : Json.line(value);
    }

    private static String decimal(BigDecimal number) {
        boolean readable =
                Math.abs((long) number.scale()) <= PLAIN_DIGITS
                        && number.precision() <= PLAIN_DIGITS;
        return readable ? number.toPlainString() : number.toString();
    }
}
