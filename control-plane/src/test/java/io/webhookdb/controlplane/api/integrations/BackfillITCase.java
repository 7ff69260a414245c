package io.webhookdb.controlplane.api.integrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.webhookdb.controlplane.SharedControlPlane;
import io.webhookdb.controlplane.TestingClient.Answer;
import io.webhookdb.controlplane.TestingControlTopic;
import io.webhookdb.controlplane.TestingSystem;
import io.webhookdb.controlplane.TestingTenant;
import io.webhookdb.controlplane.provisioner.status.TestingReports;
import io.webhookdb.schemas.control.BackfillControl;
import io.webhookdb.schemas.control.BackfillControl.Children;
import io.webhookdb.schemas.control.BackfillControl.Extent;
import io.webhookdb.schemas.control.ControlRecord;
import io.webhookdb.schemas.control.IntegrationControl;
import io.webhookdb.schemas.control.VendorAccess;
import io.webhookdb.schemas.status.BackfillProgress;
import io.webhookdb.schemas.status.BackfillProgress.State;
import io.webhookdb.schemas.status.RunRepairs;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedControlPlane.class)
class BackfillITCase {
    private final TestingSystem system;

    BackfillITCase(TestingSystem system) {
        this.system = system;
    }

    @Test
    void asksForTheKeyAndOrdersAtTheEnd() {
        TestingTenant tenant =
                TestingTenant.of(system, "backfill@example.org", "stripe_customer_v1");
        String path = path(tenant);
        Answer early = tenant.client().post(path + "/job", Map.of());
        assertThat(early.status()).isEqualTo(409);
        assertThat(early.code()).isEqualTo("backfill_not_set_up");

        Answer asked = tenant.client().post(path);
        assertThat(asked.status()).isEqualTo(200);
        assertThat(asked.step().path("needs_input").asBoolean()).isTrue();
        assertThat(asked.step().path("post_to_url").asText()).endsWith("/transition/backfill_key");
        assertThat(orders(tenant)).isEmpty();
        Answer done = tenant.client().reply(asked, "rk_live_1");
        assertThat(done.step().path("complete").asBoolean()).as(done.text()).isTrue();
        assertThat(orders(tenant)).hasSize(1);
        BackfillControl order = orders(tenant).get(0);
        assertThat(done.step().path("output").asText()).contains(order.id());
        assertThat(order.extent()).isEqualTo(Extent.INCREMENTAL);
        assertThat(order.children()).isEqualTo(Children.INCLUDED);
        assertThat(order.integration()).isEqualTo(tenant.integration());

        assertThat(
                        tenant.client()
                                .post(path, Map.of("incremental", false))
                                .step()
                                .path("complete")
                                .asBoolean())
                .isTrue();
        assertThat(orders(tenant))
                .last()
                .extracting(BackfillControl::extent)
                .isEqualTo(Extent.FULL);

        Answer reset = tenant.client().post(path + "/reset");
        assertThat(reset.step().path("needs_input").asBoolean()).isTrue();
        assertThat(orders(tenant)).hasSize(2);
        assertThat(tenant.client().post(path + "/job").status()).isEqualTo(409);
    }

    @Test
    void createsJobsThatCanBeLookedUp() {
        TestingTenant tenant = TestingTenant.of(system, "jobs@example.org", "stripe_customer_v1");
        String path = path(tenant);
        tenant.client().reply(tenant.client().post(path), "rk_live_1");
        Answer created =
                tenant.client()
                        .post(
                                path + "/job",
                                Map.of(
                                        "incremental",
                                        false,
                                        "recursive",
                                        false,
                                        "criteria",
                                        Map.of()));
        assertThat(created.status()).as(created.text()).isEqualTo(200);
        String id = created.body().path("id").asText();
        assertThat(id).startsWith("bfj_");
        assertThat(created.body().path("status").asText()).isEqualTo("enqueued");
        assertThat(orders(tenant)).last().extracting(BackfillControl::id).isEqualTo(id);
        assertThat(orders(tenant))
                .last()
                .extracting(BackfillControl::children)
                .isEqualTo(Children.LEFT_OUT);
        Answer found = tenant.client().get(path + "/job/" + id);
        assertThat(found.body().path("id").asText()).isEqualTo(id);
        assertThat(found.body().at("/service_integration/opaque_id").asText())
                .isEqualTo(tenant.integration());
        assertThat(tenant.client().get(path + "/job/bfj_none").status()).isEqualTo(403);

        refused(tenant, 400, Map.of("incremental", "maybe"));
        refused(tenant, 400, Map.of("criteria", Map.of("a", 1)));
        refused(tenant, 400, Map.of("criteria", Map.of("parent_ids", List.of("p"))));
        refused(tenant, 400, Map.of("criteria", Map.of("since", "soon")));
        refused(tenant, 400, Map.of("criteria", "all"));
        refused(tenant, 400, Map.of("synchronous", true));
        refused(tenant, 402, Map.of("synchronous", true, "recursive", false));
        assertThat(orders(tenant)).hasSize(2);

        Answer restricted =
                tenant.client()
                        .post(path + "/job", Map.of("criteria", Map.of("since", "2026-01-31")));
        assertThat(restricted.status()).as(restricted.text()).isEqualTo(200);
        assertThat(restricted.body().path("message").asText())
                .contains("restricted to since 2026-01-31T00:00:00Z");
        assertThat(restricted.body().at("/criteria/since").asText()).isEqualTo("2026-01-31");
        assertThat(orders(tenant).get(2).criteria().path("since").asText()).isEqualTo("2026-01-31");
    }

    @Test
    void tellsHowFarAJobGot() {
        TestingTenant tenant =
                TestingTenant.of(system, "progress@example.org", "stripe_customer_v1");
        tenant.client().reply(tenant.client().post(path(tenant)), "rk_live_1");
        String id = orders(tenant).get(0).id();
        String job = path(tenant) + "/job/" + id;
        assertThat(tenant.client().get(job).body().path("status").asText()).isEqualTo("enqueued");

        TestingReports.send(system.bootstrap(), report(tenant, id, State.RUNNING, 3, null));
        awaitStatus(tenant, job, "inprogress");
        assertThat(tenant.client().get(job).body().path("items").asLong()).isEqualTo(300);
        assertThat(tenant.client().get(job).body().path("finished_at").isNull()).isTrue();
        TestingReports.send(
                system.bootstrap(),
                report(tenant, id, State.WAITING_FOR_VENDOR, 3, "The API answered 429."));
        await().untilAsserted(
                        () ->
                                assertThat(tenant.client().get(job).body().path("state").asText())
                                        .isEqualTo("waiting_for_vendor"));
        assertThat(tenant.client().get(job).body().path("status").asText()).isEqualTo("inprogress");
        assertThat(tenant.client().get(job).body().path("message").asText()).contains("429");

        TestingReports.send(system.bootstrap(), report(tenant, id, State.FINISHED, 7, null));
        awaitStatus(tenant, job, "finished");
        Answer listed = tenant.client().get(path(tenant) + "/job");
        assertThat(listed.body().at("/items/0/id").asText()).isEqualTo(id);
        assertThat(listed.body().at("/items/0/pages").asLong()).isEqualTo(7);
        assertThat(listed.body().at("/items/0/finished_at").asText()).isNotEmpty();
        countsWhatARunRepaired(tenant, job, id);
        // A job that has lost its state must not carry it out again.
        await().untilAsserted(
                        () ->
                                assertThat(orders(tenant))
                                        .last()
                                        .extracting(BackfillControl::state)
                                        .isEqualTo(ControlRecord.State.DELETED));
    }

    private void countsWhatARunRepaired(TestingTenant tenant, String job, String id) {
        Instant started =
                Instant.parse(tenant.client().get(job).body().path("started_at").asText());
        repaired(tenant, id, started, "w/0/a.0", 3);
        repaired(tenant, id, started, "w/0/a.0", 4);
        repaired(tenant, id, started, "w/1/a.0", 5);
        // An earlier run of the same schedule counts for itself.
        repaired(tenant, id, started.minusSeconds(60), "w/1/a.0", 20);
        await().untilAsserted(
                        () ->
                                assertThat(
                                                tenant.client()
                                                        .get(job)
                                                        .body()
                                                        .path("repaired")
                                                        .asLong())
                                        .isEqualTo(9));
        String stats = path(tenant).replace("/backfill", "/stats");
        await().untilAsserted(
                        () ->
                                assertThat(
                                                tenant.client()
                                                        .get(stats)
                                                        .body()
                                                        .path("repaired_last_7_days")
                                                        .asLong())
                                        .isEqualTo(29));
        assertThat(tenant.client().get(stats).body().path("display_headers").toString())
                .contains("Repaired Last 7 Days");
    }

    private void repaired(
            TestingTenant tenant, String run, Instant started, String reporter, long rows) {
        TestingReports.send(
                system.bootstrap(),
                new RunRepairs(
                        Long.parseLong(String.valueOf(tenant.organization())),
                        tenant.integration(),
                        run,
                        started.toEpochMilli(),
                        reporter,
                        rows));
    }

    @Test
    void pollsAsOftenAsSaid() {
        TestingTenant tenant = TestingTenant.of(system, "poll@example.org", "stripe_customer_v1");
        String update = path(tenant).replace("/backfill", "/update");
        Answer changed = tenant.client().post(update, Map.of("poll_every", "5m"));
        assertThat(changed.status()).as(changed.text()).isEqualTo(200);
        assertThat(changed.body().path("message").asText()).contains("every 300 s");
        assertThat(polled(tenant)).isEqualTo(300);
        assertThat(told(tenant)).isEqualTo("every 300 s");
        tenant.client().post(update, Map.of("poll_every", "nightly"));
        assertThat(polled(tenant)).isEqualTo(86_400);
        tenant.client().post(update, Map.of("poll_every", "never"));
        assertThat(polled(tenant)).isZero();
        tenant.client().post(update, Map.of("poll_every", "default"));
        assertThat(polled(tenant)).isNull();
        assertThat(told(tenant)).isEqualTo("never, as the catalogue says");
        for (String wrong : List.of("5", "9s", "32d", "often", "-1m")) {
            Answer refused = tenant.client().post(update, Map.of("poll_every", wrong));
            assertThat(refused.status()).as(wrong).isEqualTo(400);
            assertThat(refused.text()).contains(wrong, "from 10s to 31d");
        }
    }

    /** As info says it. */
    private String told(TestingTenant tenant) {
        return tenant.client()
                .post(path(tenant).replace("/backfill", "/info"), Map.of("field", "poll_every"))
                .body()
                .at("/blocks/0/value")
                .asText();
    }

    private Integer polled(TestingTenant tenant) {
        List<IntegrationControl> records =
                TestingControlTopic.of(
                        system.bootstrap(),
                        IntegrationControl.class,
                        IntegrationControl::organization,
                        tenant.organization());
        VendorAccess access = records.get(records.size() - 1).access();
        return access == null ? null : access.pollSeconds();
    }

    @Test
    void cancelsAJob() {
        TestingTenant tenant = TestingTenant.of(system, "cancel@example.org", "stripe_customer_v1");
        tenant.client().reply(tenant.client().post(path(tenant)), "rk_live_1");
        String job = path(tenant) + "/job/" + orders(tenant).get(0).id();
        Answer cancelled = tenant.client().post(job + "/cancel");
        assertThat(cancelled.status()).as(cancelled.text()).isEqualTo(200);
        assertThat(cancelled.body().path("status").asText()).isEqualTo("cancelled");
        assertThat(orders(tenant))
                .last()
                .extracting(BackfillControl::state)
                .isEqualTo(ControlRecord.State.DELETED);
        assertThat(tenant.client().post(job + "/cancel").body().path("message").asText())
                .contains("ended already");
    }

    private static void awaitStatus(TestingTenant tenant, String job, String status) {
        await().untilAsserted(
                        () ->
                                assertThat(tenant.client().get(job).body().path("status").asText())
                                        .isEqualTo(status));
    }

    private static BackfillProgress report(
            TestingTenant tenant, String id, State state, long pages, String failure) {
        String now = Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
        return new BackfillProgress(
                Long.parseLong(String.valueOf(tenant.organization())),
                tenant.integration(),
                id,
                state,
                pages,
                pages * 100,
                -1,
                50,
                null,
                now,
                now,
                failure);
    }

    /** An order that cannot be carried out any more. */
    @Test
    void endsOrdersWithTheirIntegration() {
        TestingTenant tenant = TestingTenant.of(system, "orders@example.org", "stripe_customer_v1");
        tenant.client().reply(tenant.client().post(path(tenant)), "rk_live_1");
        String integration = path(tenant).replace("/backfill", "");
        tenant.client().post(integration + "/delete", Map.of("confirm", tenant.table()));
        await().untilAsserted(
                        () ->
                                assertThat(orders(tenant))
                                        .extracting(BackfillControl::state)
                                        .containsExactly(
                                                ControlRecord.State.ACTIVE,
                                                ControlRecord.State.DELETED));
    }

    private static void refused(TestingTenant tenant, int status, Map<String, Object> body) {
        assertThat(tenant.client().post(path(tenant) + "/job", body).status())
                .as(body.toString())
                .isEqualTo(status);
    }

    private static String path(TestingTenant tenant) {
        return tenant.path() + "/backfill";
    }

    private List<BackfillControl> orders(TestingTenant tenant) {
        return TestingControlTopic.of(
                system.bootstrap(),
                BackfillControl.class,
                BackfillControl::organization,
                tenant.organization());
    }
}
