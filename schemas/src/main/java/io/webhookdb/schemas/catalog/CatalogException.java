package io.webhookdb.schemas.catalog;

import java.util.List;
import java.util.stream.Collectors;

/** A catalogue that cannot be used, with every problem found in it. */
public final class CatalogException extends RuntimeException {
    private final transient List<CatalogProblem> problems;

    CatalogException(List<CatalogProblem> problems) {
        super(
                problems.size()
                        + " problem(s) in the catalogue:\n"
                        + problems.stream()
                                .map(problem -> "  " + problem)
                                .collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** All problems, in file order. */
    public List<CatalogProblem> problems() {
        return problems;
    }
}
