package io.webhookdb.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every variable that some part reads is declared once, and the manual's page says what is
 * declared.
 */
class ConfigurationReferenceTest {
    private static final Path ROOT = Path.of("..");
    private static final Path DECLARED = Path.of("src/main/resources/variables.tsv");
    private static final Path PAGE = ROOT.resolve("docs/configuration.md");

    /**
     * A literal of Java, a default of picocli, a variable of the shell. A literal may be a prefix.
     */
    private static final Pattern READ =
            Pattern.compile("(?:(?<!\\\\)\"|env:|\\$\\{)(WEBHOOKDB_[A-Z_]+)(?=[\":}])");

    /** Names of objects in Snowflake. */
    private static final Set<String> OTHERS = Set.of("WEBHOOKDB_STAGE", "WEBHOOKDB_FILES");

    private static final Map<String, String> PARTS =
            Map.of(
                    "up", "`up`",
                    "demo", "`demo`",
                    "admin", "`admin`",
                    "jobs", "the jobs",
                    "client", "the client commands",
                    "migrate", "`migrate`");

    private record Variable(String name, List<String> parts, String standard, String purpose) {
        String row() {
            return "| `%s` | %s | %s | %s |"
                    .formatted(
                            name,
                            parts.stream()
                                    .map(part -> PARTS.getOrDefault(part, part))
                                    .collect(Collectors.joining(", ")),
                            standard,
                            purpose);
        }

        boolean isReadAs(String literal) {
            return name.equals(literal) || (literal.endsWith("_") && name.startsWith(literal));
        }
    }

    @Test
    void declaresWhatIsReadAndNothingElse() throws IOException {
        List<Variable> declared = declared();
        Set<String> read = read();
        assertThat(read).hasSizeGreaterThan(40);
        assertThat(read)
                .allSatisfy(
                        literal ->
                                assertThat(declared)
                                        .as("%s is read; declare it in %s", literal, DECLARED)
                                        .anyMatch(variable -> variable.isReadAs(literal)));
        assertThat(declared)
                .allSatisfy(
                        variable ->
                                assertThat(read)
                                        .as("%s is declared; who reads it?", variable.name())
                                        .anyMatch(variable::isReadAs));
    }

    @Test
    void thePageSaysWhatIsDeclared() throws IOException {
        String made =
                """
                # Configuration

                Every environment variable and who reads it. Made from `standalone/src/main/resources/variables.tsv`; a test fails when a
                part reads another one. [Operations](operations.md) says how parts are started, [Kubernetes](kubernetes.md) which value of
                the chart sets what.

                | variable | read by | default | what it does |
                |---|---|---|---|
                %s
                """
                        .formatted(
                                declared().stream()
                                        .map(Variable::row)
                                        .collect(Collectors.joining("\n")));
        if (Boolean.getBoolean("update")) {
            Files.writeString(PAGE, made);
        }
        assertThat(Files.readString(PAGE))
                .as("run mvn -pl standalone -am test -Dupdate=true to make it anew")
                .isEqualTo(made);
    }

    private static List<Variable> declared() throws IOException {
        return Files.readAllLines(DECLARED).stream()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split("\t"))
                .map(cell -> new Variable(cell[0], List.of(cell[1].split(" ")), cell[2], cell[3]))
                .toList();
    }

    private static Set<String> read() throws IOException {
        Set<String> names = new TreeSet<>();
        try (Stream<Path> files =
                Stream.concat(
                        Stream.of(ROOT.resolve("webhookdb"), ROOT.resolve("images/run")),
                        sources())) {
            files.map(ConfigurationReferenceTest::text)
                    .forEach(
                            text ->
                                    READ.matcher(text)
                                            .results()
                                            .forEach(found -> names.add(found.group(1))));
        }
        names.removeAll(OTHERS);
        return names;
    }

    private static Stream<Path> sources() throws IOException {
        try (Stream<Path> modules = Files.list(ROOT)) {
            return modules
                    .map(module -> module.resolve("src/main/java"))
                    .filter(
                            folder ->
                                    Files.isDirectory(folder)
                                            && !folder.startsWith("../benchmarks"))
                    .toList()
                    .stream()
                    .flatMap(ConfigurationReferenceTest::javaBelow);
        }
    }

    private static Stream<Path> javaBelow(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
