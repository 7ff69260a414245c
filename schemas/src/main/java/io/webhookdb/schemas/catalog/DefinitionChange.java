package io.webhookdb.schemas.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What becomes of a table when its service is defined anew. Columns may be added, and read from
 * elsewhere; what is in the table must keep its name, its type and its key.
 *
 * @param added names of the columns the table does not have yet
 * @param problems why the table cannot follow; empty if it can
 */
public record DefinitionChange(List<String> added, List<CatalogProblem> problems) {

    /** From one definition of a service to the next. */
    public static DefinitionChange of(ServiceDefinition before, ServiceDefinition after) {
        ProblemList problems = new ProblemList("definition");
        RemoteKey old = before.key();
        RemoteKey key = after.key();
        if (!key.column().equals(old.column())) {
            problems.add("/key/column", key.column(), same(old.column()));
        }
        if (key.type() != old.type()) {
            problems.add("/key/type", key.type().sql(), same(old.type().sql()));
        }
        if (!place(key).equals(place(old))) {
            problems.add("/key", place(key), same(place(old)));
        }
        Map<String, Column> known = byName(before);
        Map<String, Column> wanted = byName(after);
        for (Column column : before.columns()) {
            Column now = wanted.get(column.name());
            if (now == null) {
                problems.add(
                        "/columns",
                        "",
                        "the table has the column "
                                + column.name()
                                + ", which cannot be dropped; expected it with type "
                                + column.type().sql());
            } else if (now.type() != column.type()) {
                problems.add(
                        "/columns/" + after.columns().indexOf(now) + "/type",
                        now.type().sql(),
                        same(column.type().sql()));
            }
        }
        List<String> added = new ArrayList<>();
        for (Column column : after.columns()) {
            if (!known.containsKey(column.name())) {
                added.add(column.name());
            }
        }
        return new DefinitionChange(added, problems.all());
    }

    private static String same(String before) {
        return "expected \"" + before + "\", as the table has it";
    }

    /** Where the key comes from, in words. */
    private static String place(RemoteKey key) {
        if (key.generated() != null) {
            return "generated " + ProblemList.word(key.generated());
        }
        return key.composed()
                ? key.parts() + " with \"" + key.separator() + "\" as " + key.form()
                : key.pointer();
    }

    private static Map<String, Column> byName(ServiceDefinition service) {
        return service.columns().stream()
                .collect(Collectors.toMap(Column::name, Function.identity()));
    }
}
