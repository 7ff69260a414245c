package io.webhookdb.connectors.sync.warehouse;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.webhookdb.connectors.sync.SyncException;
import io.webhookdb.connectors.sync.SyncFailure;
import io.webhookdb.schemas.catalog.ColumnType;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Text of one cell, as every warehouse reads it without being told a format. What the column's type
 * cannot hold exactly is refused here, where column and reason can be named: warehouses round, cut
 * or report a position in a file that is gone.
 */
final class Cell {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSSxxx", Locale.ROOT);

    private final CellLimits limits;

    Cell(CellLimits limits) {
        this.limits = limits;
    }

    /** Of a time. */
    static String of(Instant time) {
        return TIME.format(time.atOffset(ZoneOffset.UTC));
    }

    /**
     * Of a value.
     *
     * @return null for NULL
     * @throws SyncException poison, if the column cannot hold it
     */
    String of(WarehouseColumn column, JsonNode value) throws SyncException {
        if (value == null || value.isNull() || value.isMissingNode()) {
            return null;
        }
        if (column.isJson()) {
            return json(column, value.toString());
        }
        String text = value.isValueNode() ? value.asText() : value.toString();
        try {
            return switch (column.type()) {
                case BIGINT, INTEGER -> integer(column.type(), text);
                case BOOLEAN -> bool(text);
                case DATE -> date(text);
                case DOUBLE -> Double.toString(Double.parseDouble(text));
                case NUMERIC -> decimal(text);
                case TIMESTAMPTZ -> time(text);
                default -> text(column, text);
            };
        } catch (ArithmeticException | DateTimeException | IllegalArgumentException e) {
            // Neither value nor cause is passed on: values are payload.
            throw refused(column, "holds no value the type can hold");
        }
    }

    /** JSON as it is. */
    String json(WarehouseColumn column, String json) throws SyncException {
        return measured(column, json, limits.jsonBytes());
    }

    /** Text as it is. */
    String text(WarehouseColumn column, String text) throws SyncException {
        return measured(column, text, limits.textBytes());
    }

    private static String measured(WarehouseColumn column, String text, int most)
            throws SyncException {
        if (text.length() > most / 4 && text.getBytes(UTF_8).length > most) {
            throw refused(
                    column,
                    "has "
                            + text.getBytes(UTF_8).length
                            + " bytes, where at most "
                            + most
                            + " fit and cutting it is not allowed");
        }
        return text;
    }

    private static String integer(ColumnType type, String text) {
        BigDecimal number = new BigDecimal(text.strip());
        return type == ColumnType.INTEGER
                ? Integer.toString(number.intValueExact())
                : Long.toString(number.longValueExact());
    }

    private static String bool(String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "true", "t", "1" -> "true";
            case "false", "f", "0" -> "false";
            default -> throw new IllegalArgumentException("not a boolean");
        };
    }

    private static String date(String text) {
        LocalDate date = LocalDate.parse(text.strip());
        requireFourDigits(date.getYear());
        return date.toString();
    }

    private static String time(String text) {
        OffsetDateTime time = OffsetDateTime.parse(text.strip().replace(' ', 'T'));
        OffsetDateTime utc = time.withOffsetSameInstant(ZoneOffset.UTC);
        requireFourDigits(utc.getYear());
        return TIME.format(utc);
    }

    private static void requireFourDigits(int year) {
        if (year < 1 || year > 9999) {
            throw new DateTimeException("outside the years 1 to 9999");
        }
    }

    private static String decimal(String text) {
        BigDecimal number = new BigDecimal(text.strip()).stripTrailingZeros();
        int before = number.precision() - number.scale();
        if (number.scale() > CellLimits.SCALE || before > CellLimits.PRECISION - CellLimits.SCALE) {
            throw new ArithmeticException("would be rounded");
        }
        return number.toPlainString();
    }

    private static SyncException refused(WarehouseColumn column, String why) {
        return new SyncException(
                SyncFailure.POISON,
                "Column \"" + column.name() + "\" (" + column.type().sql() + ") " + why + ".");
    }
}
