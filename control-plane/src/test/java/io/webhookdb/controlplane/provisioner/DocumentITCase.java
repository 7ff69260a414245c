package io.webhookdb.controlplane.provisioner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.webhookdb.controlplane.SharedControlPlane;
import io.webhookdb.controlplane.TestingControlTopic;
import io.webhookdb.controlplane.TestingSystem;
import io.webhookdb.controlplane.TestingTenant;
import io.webhookdb.controlplane.database.ApplicationDatabase;
import io.webhookdb.controlplane.database.ControlDocuments;
import io.webhookdb.controlplane.database.Ended;
import io.webhookdb.controlplane.database.OpaqueIds;
import io.webhookdb.schemas.control.ControlHeartbeat;
import io.webhookdb.schemas.control.ControlRecord;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.ErrorHandlerControl;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedControlPlane.class)
class DocumentITCase {
    /** More than one look at the list sees. */
    private static final int MANY = WorkList.AT_ONCE * 3;

    private final TestingSystem system;

    DocumentITCase(TestingSystem system) {
        this.system = system;
    }

    @Test
    void claimsNothingWhileTheListIsLongerThanOneLook() {
        TestingTenant tenant = tenant("many@example.org");
        try (ApplicationDatabase database = ApplicationDatabase.open(system.application(), 1)) {
            database.jdbi()
                    .useTransaction(
                            handle -> {
                                for (int i = 0; i < MANY; i++) {
                                    ControlDocuments.create(
                                            handle,
                                            tenant.organization(),
                                            null,
                                            handler(tenant.organization()),
                                            "");
                                }
                            });
        }
        long committed = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
        await().atMost(Duration.ofSeconds(60))
                .until(
                        () ->
                                TestingControlTopic.all(system.bootstrap()).stream()
                                        .anyMatch(record -> claims(record, committed)));

        List<ControlRecord> all = TestingControlTopic.all(system.bootstrap());
        long before =
                all.stream()
                        .takeWhile(record -> !claims(record, committed))
                        .filter(record -> isHandlerOf(record, tenant))
                        .count();
        assertThat(before).isEqualTo(MANY);
    }

    @Test
    void publishesAgainAfterARestartTheDeletedOnesToo() {
        TestingTenant tenant = tenant("again@example.org");
        ErrorHandlerControl kept = handler(tenant.organization());
        ErrorHandlerControl ended = handler(tenant.organization());
        try (ApplicationDatabase database = ApplicationDatabase.open(system.application(), 1)) {
            for (ErrorHandlerControl handler : List.of(kept, ended)) {
                database.jdbi()
                        .useTransaction(
                                handle ->
                                        ControlDocuments.create(
                                                handle, tenant.organization(), null, handler, ""));
            }
            database.jdbi()
                    .useTransaction(
                            handle ->
                                    ControlDocuments.delete(
                                            handle,
                                            tenant.organization(),
                                            ended.key(),
                                            ErrorHandlerControl.class,
                                            Ended::handler));
        }
        await().until(() -> count(kept, State.ACTIVE) == 1 && count(ended, State.DELETED) == 1);
        system.stopProvisioner();
        system.startProvisioner();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> count(kept, State.ACTIVE) == 2 && count(ended, State.DELETED) == 2);
        assertThat(TestingControlTopic.newest(system.bootstrap(), ended.key()))
                .contains(Ended.handler(ended));
    }

    private long count(ErrorHandlerControl wanted, State state) {
        return TestingControlTopic.all(system.bootstrap()).stream()
                .filter(record -> record.key().equals(wanted.key()))
                .filter(record -> ((ErrorHandlerControl) record).state() == state)
                .count();
    }

    private TestingTenant tenant(String email) {
        return TestingTenant.of(system, email, "stripe_customer_v1");
    }

    private static boolean claims(ControlRecord record, long committed) {
        return record instanceof ControlHeartbeat heartbeat && heartbeat.asOfMicros() >= committed;
    }

    private static boolean isHandlerOf(ControlRecord record, TestingTenant tenant) {
        return record instanceof ErrorHandlerControl handler
                && handler.organization() == tenant.organization();
    }

    private static ErrorHandlerControl handler(long organization) {
        return new ErrorHandlerControl(
                OpaqueIds.next("oeh"), organization, 1, State.ACTIVE, "c2VhbGVk");
    }
}
