package io.webhookdb.schemas.row;

import com.fasterxml.jackson.core.JsonToken;
import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import io.webhookdb.schemas.catalog.Column;
import io.webhookdb.schemas.catalog.Column.Conversion;
import io.webhookdb.schemas.catalog.Edit;
import io.webhookdb.schemas.catalog.TimeSource.Format;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Edits and converts the scalars of one column that asks for it. Patterns are compiled once; texts
 * longer than any a pattern is meant for do not fit.
 */
final class CellEditor {
    private static final int LONGEST_MATCHED = 10_000;
    private static final BigInteger TWO_TO_31 = BigInteger.ONE.shiftLeft(31);

    private final Column column;
    private final Edit edit;
    private final Pattern pattern;

    private CellEditor(Column column) {
        this.column = column;
        this.edit = column.edit();
        this.pattern = edit == null ? null : pattern(edit);
    }

    /** The editor of a column; null if the column has none, so that most cells cost nothing. */
    static CellEditor of(Column column) {
        return column.edit() == null && column.convert() == null ? null : new CellEditor(column);
    }

    private static Pattern pattern(Edit edit) {
        if (edit.capture() != null) {
            return Pattern.compile(edit.capture());
        }
        return edit.replace() == null ? null : Pattern.compile(edit.replace().pattern());
    }

    /**
     * The cell of a scalar that is not null.
     *
     * @return empty if it does not fit
     */
    Optional<String> cell(JsonToken kind, String text) {
        if (edit == null) {
            return converted(kind, text);
        }
        return edited(text).flatMap(found -> converted(JsonToken.VALUE_STRING, found));
    }

    private Optional<String> edited(String text) {
        if (pattern != null && text.length() > LONGEST_MATCHED) {
            return Optional.empty();
        }
        if (edit.capture() != null) {
            Matcher matcher = pattern.matcher(text);
            return matcher.find() ? Optional.ofNullable(matcher.group(1)) : Optional.empty();
        }
        if (edit.replace() != null) {
            return Optional.of(
                    pattern.matcher(text)
                            .replaceAll(Matcher.quoteReplacement(edit.replace().with())));
        }
        if (edit.element() != null) {
            String[] pieces =
                    Pattern.compile(Pattern.quote(edit.element().separator())).split(text, -1);
            int index = edit.element().index();
            return index < pieces.length
                    ? Optional.of(pieces[index].strip()).filter(piece -> !piece.isEmpty())
                    : Optional.empty();
        }
        return Optional.of(edit.lookup().getOrDefault(text, text));
    }

    private Optional<String> converted(JsonToken kind, String text) {
        Conversion convert = column.convert();
        if (convert == null) {
            return CellText.of(column.type(), kind, text);
        }
        return switch (convert) {
            case UNIX_SECONDS -> time(Format.UNIX_SECONDS, text);
            case UNIX_MILLISECONDS -> time(Format.UNIX_MILLISECONDS, text);
            case UNIX_SECONDS_OR_ISO_8601 -> time(Format.UNIX_SECONDS_OR_ISO_8601, text);
            case RFC_2822 -> time(Format.RFC_2822, text);
            case DAY_MONTH_YEAR -> TimeText.dayMonthYear(text).map(Object::toString);
            case UTC_DATE -> TimeText.timestamp(text).map(TimeText::utcDate).map(Object::toString);
            case COMMA_SEPARATED -> Optional.of(ArrayText.ofCommaSeparated(text));
            case MD5_INTEGER -> Optional.of(md5Integer(text));
        };
    }

    private static Optional<String> time(Format format, String text) {
        return TimeText.of(format, text).map(TimeText::sql);
    }

    private static String md5Integer(String text) {
        byte[] digest = ContentHash.md5(text.getBytes(StandardCharsets.UTF_8));
        return new BigInteger(1, digest)
                .shiftRight(128 - 36)
                .mod(BigInteger.ONE.shiftLeft(32))
                .subtract(TWO_TO_31)
                .toString();
    }
}
