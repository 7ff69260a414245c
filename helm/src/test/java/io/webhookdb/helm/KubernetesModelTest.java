package io.webhookdb.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import io.strimzi.api.kafka.model.kafka.Kafka;
import io.strimzi.api.kafka.model.nodepool.KafkaNodePool;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.flink.kubernetes.operator.api.FlinkDeployment;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Reads every rendered resource into the model of its API and writes it again: a property the model
 * does not have, or has in another shape, would be lost or moved.
 */
class KubernetesModelTest {
    private static final Map<String, Class<?>> MODELS =
            Map.ofEntries(
                    Map.entry("Deployment", Deployment.class),
                    Map.entry("StatefulSet", StatefulSet.class),
                    Map.entry("Service", Service.class),
                    Map.entry("ServiceAccount", ServiceAccount.class),
                    Map.entry("ConfigMap", ConfigMap.class),
                    Map.entry("HorizontalPodAutoscaler", HorizontalPodAutoscaler.class),
                    Map.entry("PodDisruptionBudget", PodDisruptionBudget.class),
                    Map.entry("Job", Job.class),
                    Map.entry("Ingress", Ingress.class),
                    Map.entry("NetworkPolicy", NetworkPolicy.class),
                    Map.entry("Role", Role.class),
                    Map.entry("RoleBinding", RoleBinding.class),
                    Map.entry("ServiceMonitor", ServiceMonitor.class),
                    Map.entry("PodMonitor", PodMonitor.class),
                    Map.entry("PrometheusRule", PrometheusRule.class),
                    Map.entry("Kafka", Kafka.class),
                    Map.entry("KafkaNodePool", KafkaNodePool.class),
                    Map.entry("FlinkDeployment", FlinkDeployment.class));

    /** No Java model of it is published. */
    private static final Set<String> WITHOUT_MODEL = Set.of("Cluster");

    private static final ObjectMapper MAPPER =
            JsonMapper.builder()
                    .addModule(new JavaTimeModule())
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .build();

    @ParameterizedTest
    @ValueSource(strings = {"least", "full", "secure"})
    void everyResourceFitsTheModelOfItsApi(String values) throws Exception {
        for (JsonNode resource : Chart.resources(values)) {
            String kind = resource.path("kind").asText();
            if (WITHOUT_MODEL.contains(kind)) {
                continue;
            }
            Class<?> model = MODELS.get(kind);
            assertThat(model).as("model of %s", kind).isNotNull();
            JsonNode given = kind.equals("FlinkDeployment") ? knownFlink(resource) : resource;
            Object read = MAPPER.treeToValue(given, model);
            assertThat(unknown(read))
                    .as("%s %s", kind, resource.at("/metadata/name").asText())
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"least", "full", "secure"})
    void namesAreUniqueWithinTheirKind(String values) {
        List<String> names =
                Chart.resources(values).stream()
                        .map(
                                node ->
                                        node.path("kind").asText()
                                                + "/"
                                                + node.at("/metadata/name").asText())
                        .collect(Collectors.toList());
        assertThat(names).doesNotHaveDuplicates();
    }

    /** The published model ends at Flink 1.20; the operator's own list is longer. */
    private static JsonNode knownFlink(JsonNode resource) {
        ObjectNode copy = resource.deepCopy();
        ((ObjectNode) copy.get("spec")).put("flinkVersion", "v1_20");
        return copy;
    }

    /** Kubernetes' models keep what they do not know in a map of their own. */
    private static Set<String> unknown(Object read) throws Exception {
        Set<String> found = new TreeSet<>();
        collect(read, "", found, 0);
        return found;
    }

    private static void collect(Object value, String path, Set<String> found, int depth)
            throws Exception {
        if (value == null || depth > 24) {
            return;
        }
        if (value instanceof List<?> list) {
            for (Object item : list) {
                collect(item, path + "[]", found, depth + 1);
            }
            return;
        }
        String type = value.getClass().getName();
        if (!type.startsWith("io.fabric8")
                && !type.contains("flink.kubernetes")
                && !type.startsWith("io.strimzi")) {
            return;
        }
        for (var method : value.getClass().getMethods()) {
            if (method.getParameterCount() != 0
                    || !method.getName().startsWith("get")
                    || method.getName().equals("getClass")
                    || method.getName().equals("getStatus")) {
                continue;
            }
            Object part = method.invoke(value);
            if (method.getName().equals("getAdditionalProperties")) {
                ((Map<?, ?>) part).keySet().forEach(key -> found.add(path + "/" + key));
            } else {
                collect(part, path + "/" + method.getName().substring(3), found, depth + 1);
            }
        }
    }
}
