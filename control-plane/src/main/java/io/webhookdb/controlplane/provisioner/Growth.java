package io.webhookdb.controlplane.provisioner;

import io.webhookdb.schemas.catalog.Column;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Whether a table made for one definition can become another's by adding columns. Pure. */
final class Growth {
    private Growth() {}

    /**
     * The columns to add, none if only other things changed; empty if columns would have to go or
     * change their type, which would take away what people query.
     */
    static Optional<List<Column>> between(ServiceDefinition before, ServiceDefinition after) {
        boolean sameKey =
                before.key().column().equals(after.key().column())
                        && before.key().type() == after.key().type();
        Map<String, Column> names =
                after.columns().stream()
                        .collect(Collectors.toMap(Column::name, Function.identity()));
        boolean kept =
                before.columns().stream()
                        .allMatch(
                                column ->
                                        names.containsKey(column.name())
                                                && names.get(column.name()).type()
                                                        == column.type());
        if (!sameKey || !kept) {
            return Optional.empty();
        }
        List<String> known = before.columns().stream().map(Column::name).toList();
        return Optional.of(
                after.columns().stream()
                        .filter(column -> !known.contains(column.name()))
                        .toList());
    }
}
