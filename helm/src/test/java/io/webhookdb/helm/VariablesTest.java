package io.webhookdb.helm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A variable that no part reads would be a promise without anything behind it. */
class VariablesTest {
    private static final Pattern VARIABLE = Pattern.compile("WEBHOOKDB_[A-Z_]*[A-Z]");

    @Test
    void everyVariableThatIsSetIsReadBySomePart() throws IOException {
        Set<String> set =
                new TreeSet<>(
                        variables(Chart.text("full", Map.of("jobs.delivery.retrySchedule", "5s"))));
        set.addAll(variables(Files.readString(Path.of("../compose.yaml"))));
        assertThat(set).hasSizeGreaterThan(15);
        Set<String> read = new TreeSet<>();
        for (String module :
                List.of("security", "ingest-http", "control-plane", "jobs", "connectors")) {
            try (Stream<Path> files = Files.walk(Path.of("..", module, "src", "main", "java"))) {
                files.filter(file -> file.toString().endsWith(".java"))
                        .forEach(file -> read.addAll(variables(text(file))));
            }
        }
        // What images' start script reads.
        read.addAll(variables(Files.readString(Path.of("../images/run"))));
        assertThat(read).containsAll(set);
    }

    private static Set<String> variables(String text) {
        return VARIABLE.matcher(text).results().map(MatchResult::group).collect(Collectors.toSet());
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
