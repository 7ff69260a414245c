package io.webhookdb.controlplane.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.controlplane.SharedControlPlane;
import io.webhookdb.controlplane.TestingSystem;
import io.webhookdb.controlplane.database.ProvisioningQueue.Kind;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedControlPlane.class)
class ProvisioningQueueITCase {
    private static final long NO_ORGANIZATION = -1;

    private final TestingSystem system;

    ProvisioningQueueITCase(TestingSystem system) {
        this.system = system;
    }

    @Test
    void listsNobodyBehindWhoHasNotCommitted() throws Exception {
        try (ApplicationDatabase database = ApplicationDatabase.open(system.application(), 3)) {
            Jdbi jdbi = database.jdbi();
            CompletableFuture<Void> second =
                    jdbi.inTransaction(
                            first -> {
                                ProvisioningQueue.add(first, Kind.ORGANIZATION, NO_ORGANIZATION);
                                CompletableFuture<Void> adding =
                                        CompletableFuture.runAsync(
                                                () ->
                                                        jdbi.useTransaction(
                                                                other ->
                                                                        ProvisioningQueue.add(
                                                                                other,
                                                                                Kind.ORGANIZATION,
                                                                                NO_ORGANIZATION)));
                                Awaitility.await().until(() -> waiting(jdbi));
                                assertThat(adding).isNotDone();
                                return adding;
                            });
            second.get(10, TimeUnit.SECONDS);
        }
    }

    private static boolean waiting(Jdbi jdbi) {
        return jdbi.withHandle(
                handle ->
                        handle.createQuery(
                                        "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype ="
                                                + " 'advisory' AND NOT granted)")
                                .mapTo(Boolean.class)
                                .one());
    }
}
