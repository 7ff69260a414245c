package io.webhookdb.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.webhookdb.controlplane.provisioner.MigrationSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The procedure of docs/backup.md for an application database that is restored from a dump. */
class RestoredApplicationITCase {
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
    void isHeardAgainByJobsThatHaveSeenLaterRevisions() {
        system.send("cus_kept", AT, 1);
        system.send("cus_gone", AT, 1);
        awaitCustomers("cus_gone", "cus_kept");
        system.stopProvisioner();
        copy("application", "dump");
        system.startProvisioner();
        for (String word : List.of("hard", "tombstone", "hard", "tombstone")) {
            deletion(word);
        }
        long after = organization("After");
        system.awaitProvisioned();

        system.stopProvisioner();
        execute("DROP DATABASE application WITH (FORCE)");
        execute("ALTER DATABASE dump RENAME TO application");
        system.startProvisioner();

        deletion("hard");
        system.awaitProvisioned();
        system.sendDeleted("cus_gone", AT + 10);
        system.send("cus_new", AT, 1);
        awaitCustomers("cus_kept", "cus_new");
        assertThat(organization("Newcomer"))
                .as("jobs know that number as another organization's")
                .isGreaterThan(after);
    }

    private void deletion(String word) {
        await().atMost(LIMIT)
                .ignoreExceptions()
                .until(
                        () ->
                                system.integration(
                                                "update", ApiClient.object().put("deletion", word))
                                        != null);
    }

    private long organization(String name) {
        return system.api()
                .post("/v1/organizations/create", ApiClient.object().put("name", name))
                .path("id")
                .asLong();
    }

    /** Nobody may be connected meanwhile. */
    private void copy(String from, String to) {
        execute("ALTER DATABASE " + from + " ALLOW_CONNECTIONS false");
        execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"
                        + from
                        + "'");
        await().atMost(LIMIT)
                .ignoreExceptions()
                .until(
                        () -> {
                            execute("CREATE DATABASE " + to + " TEMPLATE " + from);
                            return true;
                        });
        execute("ALTER DATABASE " + from + " ALLOW_CONNECTIONS true");
        execute("ALTER DATABASE " + to + " ALLOW_CONNECTIONS true");
    }

    private void execute(String sql) {
        MovingSystem.execute(system.superuser(), sql);
    }

    private void awaitCustomers(String... ids) {
        await().atMost(LIMIT)
                .ignoreExceptions()
                .untilAsserted(
                        () ->
                                assertThat(
                                                MovingSystem.query(
                                                        system.connection(),
                                                        "SELECT stripe_id FROM \""
                                                                + system.table()
                                                                + "\" ORDER BY 1"))
                                        .extracting(row -> row.get(0))
                                        .isEqualTo(List.of(ids)));
    }
}
