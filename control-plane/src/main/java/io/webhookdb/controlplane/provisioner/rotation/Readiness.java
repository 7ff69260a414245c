package io.webhookdb.controlplane.provisioner.rotation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether every running part is where a step needs it. Pure. A part that says nothing holds a
 * rotation up as much as one that says the wrong thing: silence proves nothing.
 *
 * @param changes what is done to the keysets
 * @param parts kinds of parts that must be heard: those that ran when the rotation began
 * @param publishedMicros when the last rewritten record was published; 0 before
 */
record Readiness(KeyChanges changes, Set<String> parts, long publishedMicros) {
    Readiness {
        parts = Set.copyOf(parts);
    }

    /**
     * What is waited for, in words; empty if the step is done.
     *
     * @param reports of the parts that were heard of lately
     */
    List<String> missing(RotationStep step, List<ReaderReport> reports) {
        List<String> missing = new ArrayList<>();
        Set<String> heard =
                reports.stream().map(ReaderReport::part).collect(Collectors.toSet());
        parts.stream()
                .filter(part -> !heard.contains(part))
                .sorted()
                .map(part -> "no " + part + " has been heard of lately")
                .forEach(missing::add);
        for (ReaderReport report : reports) {
            changes.reported(report.keyset())
                    .flatMap(change -> missing(step, report, change))
                    .ifPresent(missing::add);
        }
        return missing;
    }

    private Optional<String> missing(RotationStep step, ReaderReport report, KeyChange change) {
        String reader = report.reader();
        return switch (step) {
            case AWAIT_DISTRIBUTED ->
                    when(
                            !report.keys().contains(change.added()),
                            reader + " has not read key " + change.added() + name(report));
            case AWAIT_PROMOTED ->
                    when(
                            report.primary() != change.added(),
                            reader + " does not use key " + change.added() + name(report));
            case AWAIT_APPLIED ->
                    when(
                            report.controlMicros() < publishedMicros,
                            reader + " has not applied the rewritten records for good");
            case AWAIT_RETIRED ->
                    when(
                            report.keys().stream().anyMatch(change.retired()::contains),
                            reader + " still holds an old key" + name(report));
            default -> Optional.empty();
        };
    }

    private static String name(ReaderReport report) {
        return " of keyset " + report.keyset();
    }

    private static Optional<String> when(boolean so, String words) {
        return so ? Optional.of(words) : Optional.empty();
    }
}
