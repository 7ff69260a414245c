package io.webhookdb.jobs.backfill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.webhookdb.schemas.catalog.Backfill;
import io.webhookdb.schemas.catalog.BackfillIncremental.Style;
import io.webhookdb.schemas.catalog.ColumnType;
import io.webhookdb.schemas.catalog.Condition;
import io.webhookdb.schemas.catalog.RemoteKey;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.row.VendorTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Resources of any service: what its definition needs of them, and nothing else. */
final class TestingItems {
    private TestingItems() {}

    /**
     * Resources with different keys, newest first.
     *
     * @param derived services whose items lie in these
     */
    static List<ObjectNode> of(
            ServiceDefinition service, int from, int count, List<ServiceDefinition> derived) {
        List<ObjectNode> items = new ArrayList<>();
        for (int i = from; i < from + count; i++) {
            ObjectNode item = one(service, i);
            for (ServiceDefinition inner : derived) {
                TestingVendor.put(item, inner.backfill().derived().pointer(), one(inner, i));
            }
            items.add(item);
        }
        return items;
    }

    private static ObjectNode one(ServiceDefinition service, int number) {
        ObjectNode item = TestingVendor.JSON.createObjectNode();
        for (Condition condition : service.accept()) {
            if (condition.resource() != null && !condition.equals().isEmpty()) {
                TestingVendor.put(item, condition.resource(), text(condition.equals().get(0)));
            }
        }
        key(service.key(), number, item);
        Backfill backfill = service.backfill();
        if (backfill.incremental().pointer() != null) {
            Instant time = Instant.parse("2026-01-01T00:00:00Z").minusSeconds(86_400L * number);
            if (backfill.incremental().style() == Style.STOP
                    || backfill.incremental().style() == Style.PARAMETER) {
                TestingVendor.put(
                        item,
                        backfill.incremental().pointer(),
                        text(VendorTime.text(backfill.incremental().format(), time)));
            }
        }
        return item;
    }

    private static void key(RemoteKey key, int number, ObjectNode item) {
        JsonNode value =
                key.type() == ColumnType.BIGINT
                        ? TestingVendor.JSON.getNodeFactory().numberNode(number)
                        : text("id/" + number);
        if (!key.composed()) {
            TestingVendor.put(item, key.pointer(), value);
            return;
        }
        for (List<String> part : key.parts()) {
            TestingVendor.put(item, part.get(part.size() - 1), value);
        }
    }

    private static JsonNode text(String text) {
        return TestingVendor.JSON.getNodeFactory().textNode(text);
    }
}
