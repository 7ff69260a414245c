package io.webhookdb.schemas.catalog;

import static io.webhookdb.schemas.catalog.ProblemList.word;

import io.webhookdb.schemas.catalog.Column.Conversion;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Checks that what is asked of a column fits its type. */
final class ColumnValidator {
    private static final Set<String> RESERVED =
            Set.of("pk", "data", "_version", "_synced_at", "_deleted_at");

    private static final Map<Conversion, Set<ColumnType>> TYPES =
            Map.of(
                    Conversion.UNIX_SECONDS, Set.of(ColumnType.TIMESTAMPTZ),
                    Conversion.UNIX_MILLISECONDS, Set.of(ColumnType.TIMESTAMPTZ),
                    Conversion.UNIX_SECONDS_OR_ISO_8601, Set.of(ColumnType.TIMESTAMPTZ),
                    Conversion.RFC_2822, Set.of(ColumnType.TIMESTAMPTZ),
                    Conversion.DAY_MONTH_YEAR, Set.of(ColumnType.DATE),
                    Conversion.UTC_DATE, Set.of(ColumnType.DATE),
                    Conversion.COMMA_SEPARATED, Set.of(ColumnType.TEXT_ARRAY),
                    Conversion.MD5_INTEGER, Set.of(ColumnType.INTEGER));

    private static final Map<Fallback.Value, Set<ColumnType>> FALLBACK_TYPES =
            Map.of(
                    Fallback.Value.RECEIVED_AT, Set.of(ColumnType.TIMESTAMPTZ),
                    Fallback.Value.VERSION_TIME, Set.of(ColumnType.TIMESTAMPTZ),
                    Fallback.Value.FALSE, Set.of(ColumnType.BOOLEAN),
                    Fallback.Value.EMPTY_LIST,
                            Set.of(
                                    ColumnType.BIGINT_ARRAY,
                                    ColumnType.INTEGER_ARRAY,
                                    ColumnType.TEXT_ARRAY));

    private final ServiceDefinition service;
    private final ProblemList problems;

    ColumnValidator(ServiceDefinition service, ProblemList problems) {
        this.service = service;
        this.problems = problems;
    }

    void check() {
        key(service.key());
        Set<String> names = new HashSet<>();
        names.add(service.key().column());
        for (int i = 0; i < service.columns().size(); i++) {
            Column column = service.columns().get(i);
            String at = "/columns/" + i;
            if (RESERVED.contains(column.name())) {
                problems.add(at + "/name", column.name(), "reserved are " + RESERVED);
            } else if (!names.add(column.name())) {
                problems.add(at + "/name", column.name(), "expected a name no other column has");
            }
            column(at, column);
        }
    }

    private void key(RemoteKey key) {
        if (RESERVED.contains(key.column())) {
            problems.add("/key/column", key.column(), "reserved are " + RESERVED);
        }
        if (key.form() == RemoteKey.Form.MD5_UUID && key.type() != ColumnType.UUID) {
            problems.add("/key/form", word(key.form()), "only for type uuid");
        }
    }

    private void column(String at, Column column) {
        if (column.convert() != null && !TYPES.get(column.convert()).contains(column.type())) {
            problems.add(
                    at + "/convert",
                    word(column.convert()),
                    "only for type " + TYPES.get(column.convert()).iterator().next().sql());
        }
        if (column.pluck() != null
                && !column.type().isArray()
                && column.type() != ColumnType.TEXT) {
            problems.add(at + "/pluck", column.pluck(), "only for text and array types");
        }
        if (column.eventPointer() != null && service.envelope().resource() == null) {
            problems.add(at + "/event-pointer", column.eventPointer(), "only with an envelope");
        }
        if (column.edit() != null) {
            edit(at + "/edit", column);
        }
        Fallback fallback = column.fallback();
        if (fallback != null
                && fallback.value() != null
                && !FALLBACK_TYPES.get(fallback.value()).contains(column.type())) {
            problems.add(
                    at + "/fallback/value",
                    word(fallback.value()),
                    "does not fit type " + column.type().sql());
        }
    }

    private void edit(String at, Column column) {
        Edit edit = column.edit();
        problems.pattern(at + "/capture", edit.capture());
        if (edit.replace() != null) {
            problems.pattern(at + "/replace/pattern", edit.replace().pattern());
        }
        if (column.type().isArray() && edit.lookup() == null && column.convert() == null) {
            problems.add(at, "", "only lookup applies to the elements of " + column.type().sql());
        }
    }
}
