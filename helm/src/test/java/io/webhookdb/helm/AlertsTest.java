package io.webhookdb.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AlertsTest {
    private static final Pattern OURS =
            Pattern.compile("flink_taskmanager_job_task_operator_(?:outcome_)?([A-Za-z]+)");

    /** Flink's own and Kafka's connector's. */
    private static final Set<String> FLINK = Set.of("pendingRecords");

    @Test
    void everyAlertHasARunbookPageThatSaysWhatToDo() throws IOException {
        JsonNode alerts = Chart.YAML.readTree(Chart.FOLDER.resolve("files/alerts.yaml").toFile());
        assertThat(alerts.path("alerts")).hasSizeGreaterThan(8);
        for (JsonNode alert : alerts.path("alerts")) {
            Path page = Path.of("../docs/runbooks", alert.path("alert").asText() + ".md");
            assertThat(page).isRegularFile();
            assertThat(Files.readString(page)).contains("## What to do");
        }
    }

    @Test
    void alertsAndDashboardNameMetricsThatExist() throws IOException {
        String used =
                Files.readString(Chart.FOLDER.resolve("files/alerts.yaml"))
                        + Files.readString(Chart.FOLDER.resolve("files/dashboard.json"));
        Set<String> names = new TreeSet<>();
        Matcher matcher = OURS.matcher(used);
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        names.removeAll(FLINK);
        assertThat(names).hasSizeGreaterThan(8);
        String sources = sources("../connectors/src/main") + sources("../jobs/src/main");
        assertThat(names).allSatisfy(name -> assertThat(sources).contains("\"" + name + "\""));
    }

    @Test
    void parkedRowsAreToldOfAtFourFifthsOfTheTopicsRetention() throws IOException {
        Matcher retention =
                Pattern.compile("RETENTION = Duration\\.ofDays\\((\\d+)\\)")
                        .matcher(
                                Files.readString(
                                        Path.of(
                                                "../control-plane/src/main/java/io/webhookdb",
                                                "controlplane/provisioner/KafkaTopics.java")));
        assertThat(retention.find()).isTrue();
        assertThat(Files.readString(Chart.FOLDER.resolve("files/alerts.yaml")))
                .contains(
                        "oldestParkedReceivedAtMicros > 0) / 1e6 > 0.8 * "
                                + retention.group(1)
                                + " * 86400");
    }

    private static String sources(String folder) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of(folder))) {
            List<Path> java = files.filter(file -> file.toString().endsWith(".java")).toList();
            return java.stream().map(AlertsTest::read).collect(Collectors.joining());
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
