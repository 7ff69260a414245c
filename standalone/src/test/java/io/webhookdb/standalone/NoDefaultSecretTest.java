package io.webhookdb.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every part alone refuses to start without its keysets, and names what is missing. */
class NoDefaultSecretTest {
    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"ingest", "api", "provisioner"})
    void startsWithoutKeysetsNowhere(String part) throws Exception {
        Ended ended = start(part, Map.of());

        assertThat(ended.status()).isEqualTo(2);
        assertThat(ended.told()).contains("WEBHOOKDB_KEYSETS");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ingest", "api", "provisioner"})
    void makesNoKeysOfItsOwn(String part) throws Exception {
        Ended ended = start(part, Map.of("WEBHOOKDB_KEYSETS", folder.toString()));

        assertThat(ended.status()).isEqualTo(2);
        assertThat(ended.told()).contains(".json").contains("missing");
        try (var files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void rotatesNothingWithoutKeysets() throws Exception {
        Ended ended = start("admin rotate-keys", Map.of());

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.told()).contains("WEBHOOKDB_KEYSETS is not set");
    }

    private record Ended(int status, String told) {}

    /** Everything but the keysets is named; nothing of it is there. */
    private Ended start(String words, Map<String, String> more)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName());
        builder.command().addAll(java.util.List.of(words.split(" ")));
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("WEBHOOKDB_DATABASE_URL", "postgres://u:p@127.0.0.1:1/d");
        environment.put("WEBHOOKDB_REPLICATION_SERVERS", "postgres://u:p@127.0.0.1:1/d");
        environment.put("WEBHOOKDB_KAFKA_BOOTSTRAP", "127.0.0.1:1");
        environment.put("WEBHOOKDB_INGEST_URL", "http://127.0.0.1:1");
        environment.putAll(more);
        builder.environment().keySet().removeIf(name -> name.startsWith("WEBHOOKDB_"));
        builder.environment().putAll(environment);
        Process process = builder.redirectErrorStream(true).start();
        String told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), told);
    }
}
