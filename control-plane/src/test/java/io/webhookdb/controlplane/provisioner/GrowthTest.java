package io.webhookdb.controlplane.provisioner;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.webhookdb.schemas.catalog.Catalog;
import io.webhookdb.schemas.catalog.Column;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class GrowthTest {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final ServiceDefinition CUSTOMERS =
            Catalog.load().service("stripe_customer_v1").orElseThrow();
    private static final Column FIRST = CUSTOMERS.columns().get(0);

    @Test
    void isWhatTheNewerDefinitionHasMore() {
        ServiceDefinition older = changed(columns -> columns.remove(0));

        assertThat(Growth.between(older, CUSTOMERS).orElseThrow()).containsExactly(FIRST);
        assertThat(Growth.between(CUSTOMERS, CUSTOMERS).orElseThrow()).isEqualTo(List.of());
    }

    @Test
    void isNoneWhereAColumnWouldGoOrBecomeAnother() {
        ServiceDefinition without = changed(columns -> columns.remove(0));
        ServiceDefinition otherwise =
                changed(columns -> ((ObjectNode) columns.get(0)).put("type", "JSONB"));

        assertThat(Growth.between(CUSTOMERS, without)).isEmpty();
        assertThat(Growth.between(CUSTOMERS, otherwise)).isEmpty();
    }

    private static ServiceDefinition changed(Consumer<ArrayNode> change) {
        ObjectNode tree = MAPPER.valueToTree(CUSTOMERS);
        change.accept((ArrayNode) tree.get("columns"));
        try {
            return MAPPER.treeToValue(tree, ServiceDefinition.class);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
