package io.webhookdb.controlplane.provisioner.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.controlplane.SharedControlPlane;
import io.webhookdb.controlplane.TestingSystem;
import io.webhookdb.controlplane.TestingTenant;
import io.webhookdb.controlplane.database.ApplicationDatabase;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedControlPlane.class)
class RetentionITCase {
    private final TestingSystem system;

    RetentionITCase(TestingSystem system) {
        this.system = system;
    }

    @Test
    void forgetsADayLaterWhatBelongsToNothing() {
        TestingTenant tenant =
                TestingTenant.of(system, "retention@example.org", "stripe_customer_v1");
        try (ApplicationDatabase database = ApplicationDatabase.open(system.application(), 1)) {
            Jdbi jdbi = database.jdbi();
            document(jdbi, tenant, "sync_target", "rt_used");
            document(jdbi, tenant, "subscription", "rt_used");
            for (String id : List.of("rt_used", "rt_gone")) {
                progress(jdbi, id, "2 days");
                health(jdbi, id, "2 days");
            }
            progress(jdbi, "rt_late", "1 hour");
            health(jdbi, "rt_late", "1 hour");
            run(jdbi, tenant.integration(), "rt_used");
            run(jdbi, "svi_gone", "rt_gone");

            Retention.prune(jdbi);

            assertThat(ids(jdbi, "target", "sync_progress")).containsExactly("rt_late", "rt_used");
            assertThat(ids(jdbi, "subscription", "subscription_health"))
                    .containsExactly("rt_late", "rt_used");
            assertThat(ids(jdbi, "id", "backfill_runs")).containsExactly("rt_used");
        }
    }

    private static void document(Jdbi jdbi, TestingTenant tenant, String kind, String id) {
        execute(
                jdbi,
                "INSERT INTO control_documents (key, kind, organization_id, record, revision,"
                        + " published_revision) VALUES (?, ?, ?, '{}', 1, 1)",
                kind + "/" + id,
                kind,
                Long.parseLong(String.valueOf(tenant.organization())));
    }

    private static void progress(Jdbi jdbi, String target, String age) {
        execute(
                jdbi,
                "INSERT INTO sync_progress (target, integration, shard, organization_id, row_count,"
                        + " bytes, pending, loaded, loading, reported_at, failures) VALUES (?, 'i',"
                        + " 0, 1, 0, 0, 0, 0, false, now() - ?::interval, 0)",
                target,
                age);
    }

    private static void health(Jdbi jdbi, String subscription, String age) {
        execute(
                jdbi,
                "INSERT INTO subscription_health (subscription, organization_id, last_attempt_at,"
                        + " last_outcome, last_status) VALUES (?, 1, now() - ?::interval,"
                        + " 'delivered', 200)",
                subscription,
                age);
    }

    private static void run(Jdbi jdbi, String integration, String id) {
        execute(
                jdbi,
                "INSERT INTO backfill_runs (id, organization_id, integration, state, reported_at)"
                        + " VALUES (?, 1, ?, 'finished', now() - interval '2 days')",
                id,
                integration);
    }

    private static void execute(Jdbi jdbi, String sql, Object... values) {
        jdbi.useHandle(handle -> handle.execute(sql, values));
    }

    private static List<String> ids(Jdbi jdbi, String column, String table) {
        return jdbi.withHandle(
                handle ->
                        handle.createQuery(
                                        "SELECT "
                                                + column
                                                + " FROM "
                                                + table
                                                + " WHERE "
                                                + column
                                                + " LIKE 'rt_%' ORDER BY 1")
                                .mapTo(String.class)
                                .list());
    }
}
