package io.webhookdb.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.webhookdb.security.keyset.KeysetFolder;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IngestEnvironmentTest {
    @TempDir Path folder;

    @Test
    void needsKafkaAndKeysetsOnly() {
        KeysetFolder.openOrGenerate(folder);

        IngestSettings settings =
                IngestEnvironment.settings(
                        Map.of(
                                "WEBHOOKDB_KAFKA_BOOTSTRAP",
                                "kafka:9092",
                                "WEBHOOKDB_KEYSETS",
                                folder.toString()));

        assertThat(settings.kafka().bootstrapServers()).isEqualTo("kafka:9092");
        assertThat(settings.host()).isEqualTo("0.0.0.0");
        assertThat(settings.port()).isEqualTo(18_002);
        assertThat(settings.bodyLimitBytes()).isEqualTo(5 * 1024 * 1024);
        assertThat(settings.requestsPerSecondPerOrganization()).isZero();
        assertThat(settings.trustedProxies()).containsExactly("127.0.0.0/8", "::1");
    }

    @Test
    void believesNoProxyIfNoneIsToBeBelieved() {
        KeysetFolder.openOrGenerate(folder);

        assertThat(
                        IngestEnvironment.settings(
                                        Map.of(
                                                "WEBHOOKDB_KAFKA_BOOTSTRAP", "kafka:9092",
                                                "WEBHOOKDB_KEYSETS", folder.toString(),
                                                "WEBHOOKDB_INGEST_TRUSTED_PROXIES", ""))
                                .trustedProxies())
                .isEmpty();
    }

    @Test
    void readsWhatIsSet() {
        KeysetFolder.openOrGenerate(folder);

        IngestSettings settings =
                IngestEnvironment.settings(
                        Map.of(
                                "WEBHOOKDB_KAFKA_BOOTSTRAP", "kafka:9092",
                                "WEBHOOKDB_KEYSETS", folder.toString(),
                                "WEBHOOKDB_INGEST_BIND", "127.0.0.1",
                                "WEBHOOKDB_INGEST_PORT", " 0 ",
                                "WEBHOOKDB_INGEST_BODY_LIMIT_BYTES", "1000",
                                "WEBHOOKDB_INGEST_IN_FLIGHT_LIMIT_BYTES", "5000",
                                "WEBHOOKDB_INGEST_REQUESTS_PER_SECOND_PER_ORGANIZATION", "9"));

        assertThat(settings.host()).isEqualTo("127.0.0.1");
        assertThat(settings.port()).isZero();
        assertThat(settings.bodyLimitBytes()).isEqualTo(1000);
        assertThat(settings.inFlightLimitBytes()).isEqualTo(5000);
        assertThat(settings.requestsPerSecondPerOrganization()).isEqualTo(9);
    }

    @Test
    void namesEverythingThatIsWrongAtOnce() {
        assertThatThrownBy(() -> IngestEnvironment.settings(Map.of()))
                .hasMessageContaining("WEBHOOKDB_KAFKA_BOOTSTRAP")
                .hasMessageContaining("WEBHOOKDB_KEYSETS");

        KeysetFolder.openOrGenerate(folder);
        assertThatThrownBy(
                        () ->
                                IngestEnvironment.settings(
                                        Map.of(
                                                "WEBHOOKDB_KAFKA_BOOTSTRAP", "kafka:9092",
                                                "WEBHOOKDB_KEYSETS", folder.toString(),
                                                "WEBHOOKDB_INGEST_PORT", "http",
                                                "WEBHOOKDB_INGEST_BODY_LIMIT_BYTES", "5MB")))
                .hasMessageContaining("WEBHOOKDB_INGEST_PORT is \"http\"")
                .hasMessageContaining("\"5MB\"");
        assertThatThrownBy(
                        () ->
                                IngestSettings.builder("kafka:9092", TestingControl.CIPHER)
                                        .port(70_000)
                                        .eventLoops(0)
                                        .build())
                .hasMessageContaining("port is 70000, allowed are 0 to 65535")
                .hasMessageContaining("eventLoops is 0");
    }
}
