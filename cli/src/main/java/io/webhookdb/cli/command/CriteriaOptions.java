package io.webhookdb.cli.command;

import io.webhookdb.cli.api.Fields;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Option;

/** What a backfill is restricted to. */
final class CriteriaOptions {
    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "Only what is of that day or time and later, such as 2026-01-31.")
    String since;

    @Option(
            names = "--until",
            paramLabel = "TIME",
            description = "Only what is before that day or time.")
    String until;

    @Option(
            names = "--parent",
            paramLabel = "ID",
            description = "Only for this row of the table it is listed for. May be repeated.")
    List<String> parents;

    @Option(
            names = "--criterion",
            paramLabel = "NAME=VALUE",
            description =
                    "Another restriction the service has, such as publication_slugs=weekly. May be"
                            + " repeated.")
    Map<String, String> others = new TreeMap<>();

    /** Empty if nothing was given. */
    Fields fields() {
        Fields fields =
                Fields.none()
                        .textIfGiven("since", since)
                        .textIfGiven("until", until)
                        .textsIfGiven("parent_ids", parents);
        others.forEach((name, value) -> fields.texts(name, List.of(value.split(","))));
        return fields;
    }

    boolean isGiven() {
        return since != null || until != null || parents != null || !others.isEmpty();
    }
}
