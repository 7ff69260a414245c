package io.webhookdb.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.webhookdb.controlplane.provisioner.LostDatabase;
import io.webhookdb.controlplane.provisioner.MigrationSettings;
import io.webhookdb.security.connection.PostgresUrl;
import io.webhookdb.standalone.Main;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The procedure of docs/backup.md for a replication database that is gone, as it is written. */
class LostDatabaseITCase {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final long AT = 1_700_000_000L;

    @TempDir Path folder;
    private MovingSystem system;

    @BeforeEach
    void start() {
        system = new MovingSystem(folder, MigrationSettings.of("127.0.0.0/8"));
    }

    @AfterEach
    void stop() throws Exception {
        system.close();
    }

    @Test
    void makesALostDatabaseAgainFromTheLogAlone() throws Exception {
        system.send("cus_a", AT, 1);
        system.send("cus_a", AT + 20, 3);
        system.send("cus_a", AT + 10, 2);
        system.send("cus_b", AT, 1);
        system.send("cus_gone", AT, 1);
        system.sendDeleted("cus_gone", AT + 10);
        awaitRows("cus_a 300", "cus_b 100");
        PostgresUrl reader = system.connection();

        loseDatabaseAndRoles(reader.database());
        system.send("cus_meanwhile", AT, 4);
        assertThat(typed("remake-database", system.organization())).contains(system.table());
        awaitRows("cus_meanwhile 400");
        assertThat(system.connection()).as("connection strings go on working").isEqualTo(reader);
        system.replayEverything();

        awaitRows("cus_a 300", "cus_b 100", "cus_meanwhile 400");
        system.send("cus_b", AT + 10, 5);
        awaitRows("cus_a 300", "cus_b 500", "cus_meanwhile 400");
        assertThatThrownBy(() -> LostDatabase.remake(system.application(), "nobody"))
                .hasMessageContaining("\"nobody\": expected key or number");
    }

    /** As a server that is new: neither database nor roles. */
    private void loseDatabaseAndRoles(String database) {
        List<String> roles =
                MovingSystem.query(
                                system.application(),
                                "SELECT unnest(ARRAY[owner, reader]) FROM"
                                        + " organization_databases WHERE name = '"
                                        + database
                                        + "'")
                        .stream()
                        .map(row -> row.get(0))
                        .toList();
        MovingSystem.execute(system.superuser(), "DROP DATABASE \"" + database + "\" WITH (FORCE)");
        for (String role : roles) {
            MovingSystem.execute(system.superuser(), "DROP ROLE \"" + role + "\"");
        }
    }

    /** What the operator's command says. */
    private String typed(String... words) throws IOException, InterruptedException {
        List<String> line =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Main.class.getName(),
                                "admin"));
        line.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
        builder.environment().put("WEBHOOKDB_DATABASE_URL", system.application().url());
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said;
    }

    /** Those that are there and not marked as deleted. */
    private void awaitRows(String... rows) {
        await().atMost(LIMIT)
                .ignoreExceptions()
                .untilAsserted(
                        () ->
                                assertThat(
                                                MovingSystem.query(
                                                        system.connection(),
                                                        "SELECT stripe_id || ' ' || balance FROM"
                                                                + " \""
                                                                + system.table()
                                                                + "\" WHERE _deleted_at IS NULL"
                                                                + " ORDER BY 1"))
                                        .extracting(row -> row.get(0))
                                        .isEqualTo(List.of(rows)));
    }
}
