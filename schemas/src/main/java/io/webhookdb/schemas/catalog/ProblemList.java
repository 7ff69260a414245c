package io.webhookdb.schemas.catalog;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Collects what is wrong with one file, all messages in one form. */
final class ProblemList {
    private final String file;
    private final List<CatalogProblem> problems = new ArrayList<>();

    ProblemList(String file) {
        this.file = file;
    }

    /**
     * @param path place in the file
     * @param found the value; empty if it is missing
     * @param expected what is expected or allowed, without a full stop
     */
    void add(String path, String found, String expected) {
        problems.add(
                new CatalogProblem(
                        file,
                        path,
                        (found.isEmpty() ? "missing" : "found \"" + found + "\"")
                                + "; "
                                + expected
                                + "."));
    }

    /** Adds a problem if a key is missing that its neighbour asks for. */
    void require(Object value, String path, String who) {
        if (value == null) {
            add(path, "", who + " needs it");
        }
    }

    /** Adds a problem if the text is given and no regular expression. */
    void pattern(String path, String pattern) {
        if (pattern != null) {
            try {
                Pattern.compile(pattern);
            } catch (PatternSyntaxException e) {
                add(path, pattern, e.getDescription());
            }
        }
    }

    List<CatalogProblem> all() {
        return problems;
    }

    /** An enum constant as YAML writes it. */
    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
