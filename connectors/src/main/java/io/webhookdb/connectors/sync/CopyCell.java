package io.webhookdb.connectors.sync;

import io.webhookdb.connectors.copy.CopyBytes;
import io.webhookdb.schemas.catalog.ColumnType;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.postgresql.util.ByteConverter;

/**
 * Cells as Postgres prints them in JSON, in the binary form of their types. What is spelled in a
 * way not expected here is for the server to judge, so it is an {@link OddCell}.
 */
final class CopyCell {
    private static final LocalDate FIRST_DAY = LocalDate.of(2000, 1, 1);
    private static final int OID_INT8 = 20;
    private static final int OID_INT4 = 23;
    private static final int OID_TEXT = 25;
    private static final int UUID_LENGTH = 36;

    /** Says that the server had better read this itself. */
    static final class OddCell extends Exception {
        private static final long serialVersionUID = 1L;

        OddCell() {
            super(null, null, false, false);
        }
    }

    private CopyCell() {}

    /** Writes a value that is no list and no JSON. */
    static void write(ColumnType type, String text, CopyBytes out) throws OddCell {
        try {
            switch (type) {
                case TEXT -> out.text(text);
                case BIGINT -> out.int8(Long.parseLong(text));
                case INTEGER -> out.int4(Integer.parseInt(text));
                case BOOLEAN -> out.bool(bool(text));
                case DOUBLE ->
                        out.int8(Double.doubleToLongBits(Double.parseDouble(number(text, true))));
                case NUMERIC ->
                        out.field(ByteConverter.numeric(new BigDecimal(number(text, false))));
                case UUID -> out.uuid(uuid(text));
                case DATE -> out.int4(day(text));
                case TIMESTAMPTZ -> out.int8(CopyTime.micros(text));
                default -> throw new OddCell();
            }
        } catch (IllegalArgumentException | java.time.DateTimeException e) {
            throw new OddCell();
        }
    }

    /**
     * Writes a list of one dimension.
     *
     * @param values null for NULL
     */
    static void write(ColumnType type, List<String> values, CopyBytes out) throws OddCell {
        int field = out.open();
        out.int32(values.isEmpty() ? 0 : 1);
        out.int32(values.contains(null) ? 1 : 0);
        out.int32(oid(type.element()));
        if (!values.isEmpty()) {
            out.int32(values.size());
            out.int32(1);
        }
        for (String value : values) {
            if (value == null) {
                out.nothing();
            } else {
                write(type.element(), value, out);
            }
        }
        out.close(field);
    }

    private static int oid(ColumnType element) throws OddCell {
        return switch (element) {
            case BIGINT -> OID_INT8;
            case INTEGER -> OID_INT4;
            case TEXT -> OID_TEXT;
            default -> throw new OddCell();
        };
    }

    private static boolean bool(String text) throws OddCell {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new OddCell();
        };
    }

    /** Digits, sign and point; with an exponent only where Java reads one as Postgres does. */
    private static String number(String text, boolean mayHaveExponent) throws OddCell {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean isPlain = (c >= '0' && c <= '9') || c == '-' || c == '.';
            boolean isExponent = c == 'e' || c == 'E' || c == '+';
            if (!isPlain && !(mayHaveExponent && isExponent)) {
                throw new OddCell();
            }
        }
        return text;
    }

    private static UUID uuid(String text) throws OddCell {
        if (text.length() != UUID_LENGTH) {
            throw new OddCell();
        }
        return UUID.fromString(text);
    }

    private static int day(String text) {
        return (int) FIRST_DAY.until(LocalDate.parse(text), ChronoUnit.DAYS);
    }
}
