package io.webhookdb.controlplane.provisioner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.webhookdb.controlplane.SharedControlPlane;
import io.webhookdb.controlplane.TestingControlTopic;
import io.webhookdb.controlplane.TestingSystem;
import io.webhookdb.controlplane.TestingTenant;
import io.webhookdb.schemas.Topics;
import io.webhookdb.schemas.control.ControlHeartbeat;
import io.webhookdb.schemas.control.ControlRecord;
import io.webhookdb.schemas.control.DefinitionControl;
import io.webhookdb.schemas.control.IntegrationControl;
import io.webhookdb.schemas.control.OrganizationControl;
import io.webhookdb.security.kafka.KafkaAccess;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedControlPlane.class)
class ProvisioningITCase {
    private final TestingSystem system;

    ProvisioningITCase(TestingSystem system) {
        this.system = system;
    }

    @Test
    void publishesWhatIsReferredToFirst() {
        TestingTenant tenant = TestingTenant.of(system, "order@example.org", "stripe_charge_v1");
        Set<String> known = new HashSet<>();
        boolean seen = false;
        for (ControlRecord record : TestingControlTopic.entities(system.bootstrap())) {
            if (record instanceof IntegrationControl integration) {
                assertThat(known)
                        .contains(
                                DefinitionControl.key(integration.definition()),
                                OrganizationControl.key(integration.organization()));
                seen |= integration.id().equals(tenant.integration());
            }
            known.add(record.key());
        }
        assertThat(seen).isTrue();
    }

    @Test
    void neverPublishesAnOlderRevisionAfterANewerOne() throws Exception {
        TestingTenant tenant =
                TestingTenant.of(system, "revisions@example.org", "stripe_charge_v1");
        String path = tenant.path() + "/transition/webhook_secret";
        IntStream.range(0, 40)
                .mapToObj(
                        i ->
                                CompletableFuture.supplyAsync(
                                        () -> tenant.client().post(path, Map.of("value", "s" + i))))
                .toList()
                .forEach(CompletableFuture::join);

        await().atMost(Duration.ofSeconds(20)).until(() -> waiting(tenant) == 0);
        Map<String, Long> revisions = new HashMap<>();
        for (ControlRecord record : TestingControlTopic.all(system.bootstrap())) {
            assertThat(record.revision())
                    .isGreaterThanOrEqualTo(revisions.getOrDefault(record.key(), 0L));
            revisions.put(record.key(), record.revision());
        }
        assertThat(revisions.get(IntegrationControl.key(tenant.integration()))).isEqualTo(41L);
    }

    @Test
    void sendsHeartbeatsThatClaimNoMoreThanIsPublished() {
        Instant before = Instant.now();
        await().atMost(Duration.ofSeconds(10))
                .until(() -> heartbeats().stream().filter(at -> at.isAfter(before)).count() >= 3);
        List<Instant> heartbeats = heartbeats();
        assertThat(heartbeats).isSorted();
        assertThat(heartbeats.get(heartbeats.size() - 1)).isBefore(Instant.now());
    }

    @Test
    void emptiesTheList() {
        TestingTenant tenant = TestingTenant.of(system, "done@example.org", "stripe_charge_v1");

        await().atMost(Duration.ofSeconds(10)).until(() -> waiting(tenant) == 0);
    }

    @Test
    void makesTheTopicsAsTheyShouldBe() throws Exception {
        try (Admin admin =
                Admin.create(
                        Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, system.bootstrap()))) {
            List<String> names =
                    List.of(
                            Topics.EVENTS,
                            Topics.BACKFILL_EVENTS,
                            Topics.REJECTED,
                            Topics.CHANGES,
                            Topics.CONTROL,
                            Topics.STATUS,
                            Topics.FETCHES,
                            Topics.DEAD_LETTERS);
            Map<String, TopicDescription> topics =
                    admin.describeTopics(names).allTopicNames().get();
            for (String name : names) {
                Config config =
                        admin.describeConfigs(
                                        List.of(
                                                new ConfigResource(
                                                        ConfigResource.Type.TOPIC, name)))
                                .all()
                                .get()
                                .values()
                                .iterator()
                                .next();
                boolean control = name.equals(Topics.CONTROL);
                assertThat(topics.get(name).partitions()).hasSize(control ? 1 : 2);
                assertThat(config.get("cleanup.policy").value())
                        .isEqualTo(control ? "compact" : "delete");
                if (!control) {
                    assertThat(config.get("retention.ms").value())
                            .isEqualTo("" + Duration.ofDays(30).toMillis());
                }
                if (name.startsWith("webhookdb.events") || name.equals(Topics.REJECTED)) {
                    assertThat(Integer.parseInt(config.get("max.message.bytes").value()))
                            .isGreaterThanOrEqualTo(4 * 5 * 1024 * 1024);
                }
            }
        }
    }

    @Test
    void acceptsTopicsThatAreThere() {
        KafkaTopics.ensure(KafkaAccess.plain(system.bootstrap()), TopicSettings.standalone(2));
    }

    private List<Instant> heartbeats() {
        return TestingControlTopic.all(system.bootstrap()).stream()
                .filter(ControlHeartbeat.class::isInstance)
                .map(record -> ((ControlHeartbeat) record).asOfMicros())
                .map(
                        micros ->
                                Instant.ofEpochSecond(
                                        micros / 1_000_000, micros % 1_000_000 * 1_000))
                .toList();
    }

    /** What is on the list of one organization: others leave what is due later. */
    private long waiting(TestingTenant tenant) throws Exception {
        try (Connection connection = TestingSystem.connect(system.application());
                PreparedStatement statement =
                        connection.prepareStatement(
                                "SELECT count(*) FROM provisioning WHERE kind = 'organization' AND"
                                    + " entity_id = ? OR kind = 'integration' AND entity_id IN"
                                    + " (SELECT id FROM integrations WHERE organization_id = ?)")) {
            statement.setLong(1, tenant.organization());
            statement.setLong(2, tenant.organization());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }
}
