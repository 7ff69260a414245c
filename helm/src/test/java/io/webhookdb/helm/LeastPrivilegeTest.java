package io.webhookdb.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** Who can reach what, and who can open which secret. */
class LeastPrivilegeTest {
    private final List<JsonNode> resources = Chart.resources("least");

    @Test
    void eachPartMountsOnlyTheKeysetsItNeeds() {
        assertThat(keysets("Deployment", "hooks-ingest"))
                .containsExactly("ingest.json", "connections.public.json");
        assertThat(keysets("Deployment", "hooks-api"))
                .containsExactly("ingest.json", "readers.json", "connections.public.json");
        assertThat(keysets("Deployment", "hooks-provisioner"))
                .containsExactly(
                        "ingest.json",
                        "readers.json",
                        "connections.public.json",
                        "connections.json");
        JsonNode job = Chart.one(resources, "FlinkDeployment", "hooks-delivery");
        assertThat(items(job.at("/spec/podTemplate/spec/volumes")))
                .containsExactly("connections.json");
    }

    @Test
    void ingestReachesKafkaAndNames() {
        assertThat(egressPorts("hooks-ingest")).containsOnly(53, 9092);
    }

    @Test
    void onlyPrometheusReachesTheProvisioner() {
        JsonNode policy = Chart.one(resources, "NetworkPolicy", "hooks-provisioner");
        assertThat(policy.at("/spec/ingress")).hasSize(1);
        assertThat(policy.at("/spec/ingress/0/ports")).hasSize(1);
        assertThat(policy.at("/spec/ingress/0/ports/0/port").asInt()).isEqualTo(9404);
        assertThat(policy.at("/spec/policyTypes")).hasSize(2);
        assertThat(resources)
                .noneMatch(
                        node ->
                                node.path("kind").asText().equals("Service")
                                        && node.at("/metadata/name")
                                                .asText()
                                                .contains("provisioner"));
    }

    @Test
    void replicationReachesNobodyOutside() {
        assertThat(Chart.one(resources, "NetworkPolicy", "hooks-replication").toString())
                .doesNotContain("0.0.0.0/0");
        assertThat(Chart.one(resources, "NetworkPolicy", "hooks-delivery").toString())
                .contains("0.0.0.0/0")
                .contains("169.254.0.0/16");
    }

    @Test
    void onlyTheProvisionerKnowsTheServersOfReplication() {
        for (JsonNode resource : resources) {
            if (resource.toString().contains("webhookdb-replication-servers")) {
                assertThat(resource.at("/metadata/name").asText()).isEqualTo("hooks-provisioner");
            }
        }
    }

    @Test
    void podsRunAsNobodyInParticularOnAReadOnlyFileSystem() {
        for (String kind : List.of("Deployment", "Job")) {
            for (JsonNode resource : resources) {
                if (!resource.path("kind").asText().equals(kind)) {
                    continue;
                }
                JsonNode pod = resource.at("/spec/template/spec");
                assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
                assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
                JsonNode container = pod.at("/containers/0/securityContext");
                assertThat(container.path("readOnlyRootFilesystem").asBoolean()).isTrue();
                assertThat(container.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
            }
        }
    }

    @Test
    void noSecretIsWrittenIntoAResource() {
        assertThat(resources).noneMatch(node -> node.path("kind").asText().equals("Secret"));
    }

    @Test
    void theLoginAtKafkaIsAFileAndNoVariable() {
        for (JsonNode resource : Chart.resources("secure")) {
            assertThat(resource.toString())
                    .doesNotContain("secretKeyRef\":{\"name\":\"kafka-user")
                    .doesNotContain("WEBHOOKDB_KAFKA_SASL_PASSWORD\"");
        }
    }

    private List<String> keysets(String kind, String name) {
        return items(Chart.one(resources, kind, name).at("/spec/template/spec/volumes"));
    }

    private static List<String> items(JsonNode volumes) {
        return StreamSupport.stream(volumes.spliterator(), false)
                .filter(volume -> volume.path("name").asText().equals("keysets"))
                .flatMap(
                        volume ->
                                StreamSupport.stream(
                                        volume.at("/secret/items").spliterator(), false))
                .map(item -> item.path("key").asText())
                .toList();
    }

    private List<Integer> egressPorts(String policy) {
        return StreamSupport.stream(
                        Chart.one(resources, "NetworkPolicy", policy)
                                .at("/spec/egress")
                                .spliterator(),
                        false)
                .flatMap(rule -> StreamSupport.stream(rule.path("ports").spliterator(), false))
                .map(port -> port.path("port").asInt())
                .toList();
    }
}
