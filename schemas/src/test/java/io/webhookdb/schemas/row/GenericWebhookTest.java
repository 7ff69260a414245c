package io.webhookdb.schemas.row;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.schemas.catalog.Catalog;
import io.webhookdb.schemas.catalog.RemoteKey;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.event.Event;
import io.webhookdb.schemas.event.EventIds;
import io.webhookdb.schemas.event.Origin;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GenericWebhookTest {
    private static final ServiceDefinition GENERIC =
            Catalog.load().service("generic_webhook_v1").orElseThrow();
    private static final EventIds IDS = new EventIds();

    @Test
    void readsTheKeyWhereItWasTold() {
        assertThat(keys(GENERIC.keyedAt("/order/number"), "{\"order\":{\"number\":17}}"))
                .containsExactly("17");
    }

    @Test
    void makesARowOfEachObjectOfAnArray() {
        assertThat(keys(GENERIC, "[{\"id\":1},{\"id\":\"b\"},{\"id\":1}]"))
                .containsExactly("1", "b");
    }

    @Test
    void keepsEveryRequestWhereNothingIdentifiesAnObject() {
        ServiceDefinition every = GENERIC.keyedAt(RemoteKey.REQUEST);
        Event event = event("{}");

        assertThat(keys(every, event)).containsExactly(event.id().toString());
        assertThat(keys(every, "[{},{},{}]")).hasSize(3).doesNotHaveDuplicates();
    }

    @Test
    void keepsTheKeysOfAnArrayWhenItIsReplayed() {
        ServiceDefinition every = GENERIC.keyedAt(RemoteKey.REQUEST);
        Event event = event("[{},{}]");

        assertThat(keys(every, event)).isEqualTo(keys(every, event));
    }

    private static List<String> keys(ServiceDefinition service, String body) {
        return keys(service, event(body));
    }

    private static List<String> keys(ServiceDefinition service, Event event) {
        Extraction extraction = new RowExtractor(service).extract(event, 7, 1);
        assertThat(extraction).isInstanceOf(Extraction.Rows.class);
        return ((Extraction.Rows) extraction).updates().stream().map(RowUpdate::key).toList();
    }

    private static Event event(String body) {
        return new Event(
                IDS.next(),
                "svi_1",
                1,
                1_700_000_000_000_000L,
                Origin.WEBHOOK,
                "POST",
                "/",
                "",
                "application/json",
                Map.of(),
                "none",
                body.getBytes(StandardCharsets.UTF_8));
    }
}
