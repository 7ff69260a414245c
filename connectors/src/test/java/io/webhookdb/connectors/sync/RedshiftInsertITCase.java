package io.webhookdb.connectors.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.security.connection.RedshiftUrl.Staging;
import org.junit.jupiter.api.Test;

class RedshiftInsertITCase extends RedshiftSyncTargetContract {
    @Override
    Staging staging() {
        return null;
    }

    /** Text that is parsed afterwards has the limit of text. */
    @Test
    @Override
    void keepsLargeResources() throws Exception {
        SyncTable table = TestingService.table("synced", "large");
        String half = "{\"t\":\"" + "x".repeat(65_000) + "\"}";
        String twice = "{\"t\":\"" + "x".repeat(130_000) + "\"}";
        try (SyncTarget target = open()) {
            SyncException failure =
                    failure(
                            target,
                            table,
                            TestingRow.of("b", 1, TestingRow.JSON.createObjectNode(), twice));
            assertThat(failure.failure()).isEqualTo(SyncFailure.POISON);
            assertThat(failure).hasMessageContaining("\"data\"");
            target.deliver(
                    page(table, TestingRow.of("a", 1, TestingRow.JSON.createObjectNode(), half)));
        }
        assertThat(stored(table, "a").get("data").get("t").asText()).hasSize(65_000);
    }
}
