package io.webhookdb.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.webhookdb.standalone.demo.Demo;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoITCase {
    @TempDir Path folder;

    @Test
    void showsTheMainJobEndToEndAndLeavesNoReadyFileBehind() throws IOException {
        Path data = folder.resolve("data");
        Path ready = data.resolve("ready.json");
        ByteArrayOutputStream told = new ByteArrayOutputStream();

        try (WholeSystem system = new WholeSystem(code -> {})) {
            ReadyFile addresses = system.start(StandaloneOptions.isolated(data));

            JsonNode written = new JsonMapper().readTree(Files.readAllBytes(ready));
            assertThat(written.fieldNames())
                    .toIterable()
                    .containsExactly(
                            "api_url",
                            "ingest_url",
                            "flink_url",
                            "postgres_url",
                            "kafka_bootstrap",
                            "pid");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(ready)))
                    .isEqualTo("rw-------");
            assertThatThrownBy(() -> DataDirectory.open(data))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("in use by another process");

            new Demo(
                            addresses.apiUrl(),
                            email -> DemoCommand.ANY_CODE,
                            new PrintStream(told, true, StandardCharsets.UTF_8))
                    .run();
        }

        assertThat(told.toString(StandardCharsets.UTF_8))
                .contains("each at its newest version", "Rejected with 401", "POST to row: p50");
        assertThat(ready).doesNotExist();
    }
}
