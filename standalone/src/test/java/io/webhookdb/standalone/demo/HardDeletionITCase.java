package io.webhookdb.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.webhookdb.controlplane.provisioner.MigrationSettings;
import io.webhookdb.security.connection.PostgresUrl;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the word of an admin to rows that are gone, through a rename and a move. */
class HardDeletionITCase {
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
    void keepsDeletedRowsOutOfTheTableWhateverItIsCalledAndWhereverItIs() {
        system.send("cus_kept", AT, 1);
        system.send("cus_gone", AT, 1);
        awaitCustomers(system.table(), "cus_gone", "cus_kept");

        assertThat(
                        system.integration("update", ApiClient.object().put("deletion", "hard"))
                                .path("message")
                                .asText())
                .contains("leave the table");
        system.awaitProvisioned();
        system.sendDeleted("cus_gone", AT + 10);
        awaitCustomers(system.table(), "cus_kept");
        assertThat(system.tables()).containsExactly(system.table());

        system.integration("rename_table", ApiClient.object().put("new_name", "people"));
        system.send("cus_gone", AT + 5, 2);
        system.send("cus_brief", AT, 1);
        awaitCustomers("people", "cus_brief", "cus_kept");
        system.sendDeleted("cus_brief", AT + 10);
        awaitCustomers("people", "cus_kept");

        PostgresUrl superuser = system.customers();
        MovingSystem.execute(superuser, "CREATE DATABASE warehouse");
        PostgresUrl own = superuser.with("warehouse", superuser.user(), superuser.password());
        system.move(own, own);
        await().atMost(LIMIT)
                .untilAsserted(
                        () ->
                                assertThat(system.newestMove().path("status").asText())
                                        .as("%s", system.newestMove())
                                        .isEqualTo("finished"));
        system.send("cus_brief", AT + 5, 2);
        system.send("cus_gone", AT + 20, 3);
        awaitCustomers("people", "cus_gone", "cus_kept");
    }

    private void awaitCustomers(String table, String... ids) {
        await().atMost(LIMIT)
                .untilAsserted(
                        () ->
                                assertThat(
                                                MovingSystem.query(
                                                        system.connection(),
                                                        "SELECT stripe_id FROM \""
                                                                + table
                                                                + "\" ORDER BY 1"))
                                        .extracting(row -> row.get(0))
                                        .isEqualTo(List.of(ids)));
    }
}
