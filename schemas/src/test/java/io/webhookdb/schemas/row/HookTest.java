package io.webhookdb.schemas.row;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.schemas.catalog.Catalog;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.event.Event;
import io.webhookdb.schemas.event.EventIds;
import io.webhookdb.schemas.event.Origin;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HookTest {
    private static final Catalog CATALOG = Catalog.load();
    private static final EventIds IDS = new EventIds();

    @Test
    void readsAMultipartFormOfJotform() {
        String body =
                """
                --AaB03x
                Content-Disposition: form-data; name="formID"

                231
                --AaB03x
                Content-Disposition: form-data; name="rawRequest"
                Content-Type: text/plain

                {"q3_name": "Zoë", "event_id": "e1", "submitDate": "1699999000123"}
                --AaB03x--
                """
                        .replace("\n", "\r\n");

        List<RowUpdate> rows =
                rows("jotform_webhook_v1", "multipart/form-data; boundary=AaB03x", body);

        assertThat(rows).hasSize(1);
        assertThat(rows.get(0).key()).isEqualTo("e1");
        assertThat(rows.get(0).version().timeMicros()).isEqualTo(1_699_999_000_123_000L);
        assertThat(rows.get(0).cells()[0]).isEqualTo("231");
        assertThat(rows.get(0).cells()[5]).isEqualTo("{\"name\":\"Zoë\"}");
    }

    @Test
    void readsASubmissionThatIsSentAsJson() {
        List<RowUpdate> rows =
                rows(
                        "jotform_webhook_v1",
                        "application/json; charset=utf-8",
                        "{\"formID\":231,\"rawRequest\":\"{\\\"q3_name\\\":\\\"Z\\\","
                                + "\\\"event_id\\\":\\\"e2\\\"}\"}");

        assertThat(rows).hasSize(1);
        assertThat(rows.get(0).key()).isEqualTo("e2");
        assertThat(rows.get(0).cells()[0]).isEqualTo("231");
    }

    @Test
    void readsATransistorEpisodeThatComesAlone() {
        List<RowUpdate> rows =
                rows(
                        "transistor_episode_v1",
                        "application/json",
                        "{\"data\":{\"id\":\"655205\",\"type\":\"episode\","
                                + "\"attributes\":{\"title\":\"THE SHOW\"}}}");

        assertThat(rows).extracting(RowUpdate::key).containsExactly("655205");
    }

    @Test
    void recordsEveryRequestUnderANumberOfItsOwn() {
        List<RowUpdate> text = rows("url_recorder_v1", "text/plain", "any text");
        List<RowUpdate> form =
                rows("url_recorder_v1", "application/x-www-form-urlencoded", "a=1&b=%C3%A9");

        assertThat(text.get(0).key()).isNotEqualTo(form.get(0).key());
        assertThat(Long.parseLong(form.get(0).key()))
                .isGreaterThan(Long.parseLong(text.get(0).key()));
        assertThat(text.get(0).cells()[8]).isNull();
        assertThat(text.get(0).cells()[9]).isEqualTo("any text");
        assertThat(form.get(0).cells()[8]).isEqualTo("{\"a\":\"1\",\"b\":\"é\"}");
    }

    @Test
    void leavesOutEventsOfEmailOctopusWithoutATime() {
        assertThat(rows("email_octopus_event_v1", "application/json", "[{\"id\":\"x\"}]"))
                .isEmpty();
        assertThat(rows("email_octopus_event_v1", "application/json", "\"text\"")).isEmpty();
    }

    private static List<RowUpdate> rows(String service, String contentType, String body) {
        ServiceDefinition definition = CATALOG.service(service).orElseThrow();
        Extraction extraction =
                new RowExtractor(definition)
                        .extract(
                                new Event(
                                        IDS.next(),
                                        "svi_1",
                                        1,
                                        1_700_000_000_000_000L,
                                        Origin.WEBHOOK,
                                        "POST",
                                        "/",
                                        "",
                                        contentType,
                                        Map.of(),
                                        "none",
                                        body.getBytes(StandardCharsets.UTF_8)),
                                7,
                                1);
        return extraction instanceof Extraction.Rows rows ? rows.updates() : List.of();
    }
}
