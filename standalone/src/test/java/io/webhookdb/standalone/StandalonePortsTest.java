package io.webhookdb.standalone;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StandalonePortsTest {
    @TempDir Path folder;
    private DataDirectory data;
    private StandaloneOptions options;

    @BeforeEach
    void open() {
        data = DataDirectory.open(folder);
        options = StandaloneOptions.isolated(folder);
    }

    @AfterEach
    void close() throws Exception {
        data.close();
    }

    @Test
    void namesEveryPortThatIsTaken() throws Exception {
        try (ServerSocket one = taken();
                ServerSocket other = taken()) {
            options.flinkPort = one.getLocalPort();
            options.kafkaPort = other.getLocalPort();

            assertThatThrownBy(() -> StandalonePorts.check(options, data))
                    .hasMessageContaining(
                            "Port %d (--flink-port, WEBHOOKDB_FLINK_PORT) is in use"
                                    .formatted(options.flinkPort))
                    .hasMessageContaining("Port %d (--kafka-port".formatted(options.kafkaPort));
            options.flinkPort = 0;
            options.kafkaBootstrap = "kafka.example:9092";
            assertThatCode(() -> StandalonePorts.check(options, data)).doesNotThrowAnyException();
        }
    }

    @Test
    void refusesWhatIsNoPortAndWhatIsGivenTwice() {
        options.apiPort = 70_000;
        options.ingestPort = 18_002;
        options.postgresPort = 18_002;

        assertThatThrownBy(() -> StandalonePorts.check(options, data))
                .hasMessageContaining("Port 70000 (--api-port, WEBHOOKDB_API_PORT) is no port")
                .hasMessageContaining("Port 18002 (--postgres-port, WEBHOOKDB_POSTGRES_PORT) is")
                .hasMessageContaining("--ingest-port");
    }

    @Test
    void leavesThePostgresOfAKilledSystemToWhoTakesItOver() throws Exception {
        Path postgres = Files.createDirectories(data.postgres().resolve("data"));
        Files.writeString(postgres.resolve("postmaster.pid"), "1\n");
        try (ServerSocket running = taken()) {
            options.postgresPort = running.getLocalPort();

            assertThatCode(() -> StandalonePorts.check(options, data)).doesNotThrowAnyException();
        }
    }

    private static ServerSocket taken() throws Exception {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }
}
