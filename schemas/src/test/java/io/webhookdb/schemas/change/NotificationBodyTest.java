package io.webhookdb.schemas.change;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.webhookdb.schemas.catalog.ColumnType;
import io.webhookdb.schemas.catalog.RemoteKey;
import org.junit.jupiter.api.Test;

final class NotificationBodyTest {
    private static final RemoteKey NUMBER = new RemoteKey("acme_id", ColumnType.BIGINT, "/id");
    private static final RemoteKey TEXT = new RemoteKey("acme_id", ColumnType.TEXT, "/id");

    private static RowChange change(String op, String row, String more) {
        return RowChangeCodec.decode(
                ("{\"id\":\"c1\",\"op\":\""
                                + op
                                + "\",\"organization\":5,\"integration\":\"svi_1\",\"service\":\"acme_order_v1\","
                                + "\"table\":\"orders\",\"remote_key\":\"81\",\"pk\":9,\"version\":\"0007\","
                                + "\"event_id\":\"e\",\"committed_at\":\"2026-01-01T00:00:00Z\",\"row\":"
                                + row
                                + more
                                + "}")
                        .getBytes(UTF_8));
    }

    private static JsonNode body(RowChange change, RemoteKey key) throws Exception {
        return new JsonMapper().readTree(NotificationBody.of(change, key));
    }

    @Test
    void saysWhatChanged() throws Exception {
        RowChange change =
                change(
                        "update",
                        "{\"acme_id\":81,\"total\":1250}",
                        ",\"data\":{\"id\":81},\"previous\":{\"total\":1}");

        JsonNode expected =
                new JsonMapper()
                        .readTree(
                                """
                                {"id":"c1","type":"row.updated","timestamp":"2026-01-01T00:00:00Z",
                                 "service_name":"acme_order_v1","table_name":"orders",
                                 "row":{"acme_id":81,"total":1250,"data":{"id":81}},
                                 "external_id":81,"external_id_column":"acme_id",
                                 "version":"0007","previous":{"total":1}}
                                """);
        assertThat(body(change, NUMBER)).isEqualTo(expected);
    }

    @Test
    void sendsTheResourceAsTextToWhoAsksForIt() throws Exception {
        RowChange change = change("update", "{}", ",\"data\":{\"id\":81}");

        JsonNode body = new JsonMapper().readTree(NotificationBody.of(change, TEXT, RowForm.TEXT));

        assertThat(body.at("/row/data").textValue()).isEqualTo("{\"id\":81}");
    }

    @Test
    void namesInsertsAndDeletes() throws Exception {
        assertThat(body(change("insert", "{}", ""), TEXT).get("type").textValue())
                .isEqualTo("row.inserted");
        assertThat(body(change("delete", "{}", ""), TEXT).get("type").textValue())
                .isEqualTo("row.deleted");
    }

    @Test
    void keepsTheKeysTypeWhenTheRowWasCutOff() throws Exception {
        RowChange change = change("insert", "{}", ",\"truncated\":true");

        assertThat(body(change, NUMBER).get("external_id").isIntegralNumber()).isTrue();
        assertThat(body(change, TEXT).get("external_id").textValue()).isEqualTo("81");
        assertThat(body(change, TEXT).get("truncated").booleanValue()).isTrue();
    }

    @Test
    void keepsNumbersAsTheyWereWritten() {
        RowChange change = change("insert", "{}", ",\"data\":{\"n\":12345678901234567890.10}");

        assertThat(new String(NotificationBody.of(change, TEXT), UTF_8))
                .contains("\"n\":12345678901234567890.10");
    }
}
