package io.webhookdb.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValuesTest {
    @ParameterizedTest
    @CsvSource({
        "replication.isolation, none",
        "kafka.replicationFactor, 2",
        "ingest.url, hooks.example.org",
        "ingest.autoscaling.targetCPUUtilizationPercentage, 120",
        "jobs.replication.parallelism, 129",
        "jobs.replication.parallelism, many",
        "jobs.upgradeMode, stateless",
        "keysets.secretName, ''",
        "ingest.colour, red",
        "ingest.spool.maxBytes, 5",
        "logFormat, xml",
        "strimzi.replicas, 1",
        "kafka.security.protocol, TLS",
        "kafka.security.sasl.mechanism, GSSAPI",
        "jobs.internalTls.password, short",
    })
    void refusesAValueThatCannotWorkAndNamesIt(String path, String value) {
        Object given =
                value.chars().allMatch(Character::isDigit) && !value.isEmpty()
                        ? (Object) Integer.valueOf(value)
                        : value;
        String last = path.substring(path.lastIndexOf('.') + 1);
        assertThatThrownBy(() -> Chart.text("least", Map.of(path, given)))
                .hasMessageContaining(last);
    }

    @ParameterizedTest
    @CsvSource({"kafka.bootstrap", "ingest.url", "api.url", "jobs.stateUrl"})
    void saysWhichValueMustBeGiven(String path) {
        assertThatThrownBy(() -> Chart.text("least", Map.of(path, ""))).hasMessageContaining(path);
    }

    @ParameterizedTest
    @CsvSource({"kafka.security.sasl.username", "kafka.security.sasl.passwordSecretName"})
    void aLoginAtKafkaNeeds(String path) {
        assertThatThrownBy(() -> Chart.text("secure", Map.of(path, ""))).hasMessageContaining(path);
    }

    @Test
    void aClusterThatSpeaksOnlyPlaintextIsNotSpokenToOtherwise() {
        assertThatThrownBy(() -> Chart.text("full", Map.of("kafka.security.protocol", "SSL")))
                .hasMessageContaining("strimzi.enabled");
    }

    @Test
    void everyValueIsInTheSchemaWithTheSameReason() throws IOException {
        JsonNode schema =
                new JsonMapper().readTree(Chart.FOLDER.resolve("values.schema.json").toFile());
        Map<String, String> schemaReasons = new TreeMap<>();
        for (ValueDoc value : ValueDoc.all()) {
            String pointer = "/properties/" + value.path().replace(".", "/properties/");
            schemaReasons.put(
                    value.path(), schema.at(pointer).path("description").asText("not there"));
        }
        Map<String, String> reasons = new TreeMap<>();
        ValueDoc.all().forEach(value -> reasons.put(value.path(), value.reason()));
        assertThat(schemaReasons).isEqualTo(reasons).hasSizeGreaterThan(80);
    }

    @Test
    void theReadmeListsTheValuesAsTheyAre() throws IOException {
        String made = ValueDoc.readme();
        var file = Chart.FOLDER.resolve("README.md");
        if (Boolean.getBoolean("update")) {
            Files.writeString(file, made);
        }
        assertThat(Files.readString(file))
                .as("run mvn -pl helm test -Dupdate=true to make it anew")
                .isEqualTo(made);
    }
}
