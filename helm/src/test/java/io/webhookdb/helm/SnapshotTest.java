package io.webhookdb.helm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each template makes, kept beside it: a change of a template shows what it changes. */
class SnapshotTest {
    private static final Pattern SOURCE = Pattern.compile("(?m)^---\n# Source: webhookdb/");

    @ParameterizedTest
    @CsvSource({
        "least, ingest",
        "least, api",
        "least, provisioner",
        "least, migrate",
        "least, jobs",
        "least, networkpolicies",
        "least, serviceaccounts",
        "full, ingest",
        "full, jobs",
        "full, networkpolicies",
        "full, monitoring",
        "full, strimzi",
        "full, cloudnativepg",
        "secure, ingest",
        "secure, api",
        "secure, provisioner",
        "secure, jobs",
        "secure, monitoring",
    })
    void rendersAsKept(String values, String template) throws IOException {
        StringBuilder made = new StringBuilder();
        for (String part : SOURCE.split(Chart.text(values, Map.of()))) {
            if (part.startsWith("templates/" + template + ".yaml\n")) {
                made.append("---\n").append(part.substring(part.indexOf('\n') + 1));
            }
        }
        Path file = Path.of("src/test/resources/snapshots", values + "-" + template + ".yaml");
        if (Boolean.getBoolean("update")) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, made.toString());
        }
        assertThat(made.toString())
                .as("run mvn -pl helm test -Dupdate=true and look at the difference")
                .isNotEmpty()
                .isEqualTo(Files.readString(file));
    }
}
