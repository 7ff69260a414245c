package io.webhookdb.controlplane.provisioner;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.controlplane.SharedControlPlane;
import io.webhookdb.controlplane.TestingSystem;
import io.webhookdb.controlplane.TestingTenant;
import io.webhookdb.controlplane.database.ApplicationDatabase;
import java.time.Duration;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedControlPlane.class)
class AuditPruningITCase {
    private static final int MORE_THAN_AT_ONCE = 5_003;

    private final TestingSystem system;

    AuditPruningITCase(TestingSystem system) {
        this.system = system;
    }

    @Test
    void endsEntriesOfTheLogThatAreOldEnoughAndNoOthers() {
        TestingTenant tenant = TestingTenant.of(system, "pruned@example.org", "stripe_customer_v1");
        try (ApplicationDatabase database = ApplicationDatabase.open(system.application(), 1)) {
            Jdbi jdbi = database.jdbi();
            entries(jdbi, tenant, "99 days", 3);
            entries(jdbi, tenant, "101 days", MORE_THAN_AT_ONCE);
            assertThat(count(jdbi)).isEqualTo(MORE_THAN_AT_ONCE + 3);

            AuditPruning.prune(jdbi, Duration.ofDays(100));

            assertThat(count(jdbi)).isEqualTo(3);
        }
    }

    private static void entries(Jdbi jdbi, TestingTenant tenant, String age, int number) {
        jdbi.useHandle(
                handle ->
                        handle.execute(
                                "INSERT INTO audit_log (at, organization_id, actor, via, action,"
                                        + " subject, detail, address, forwarded_for) SELECT now()"
                                        + " - ?::interval, ?, 'x', 'pruning', 'x', '', '', '', ''"
                                        + " FROM generate_series(1, ?)",
                                age,
                                Long.parseLong(String.valueOf(tenant.organization())),
                                number));
    }

    private static int count(Jdbi jdbi) {
        return jdbi.withHandle(
                handle ->
                        handle.createQuery("SELECT count(*) FROM audit_log WHERE via = 'pruning'")
                                .mapTo(Integer.class)
                                .one());
    }
}
