package io.webhookdb.connectors.sync;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.schemas.catalog.ColumnType;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class HttpSyncBodyTest {
    @Test
    void isWhatReceiversWereTold() {
        SyncRow row =
                new SyncRow(
                        "ord_80",
                        41,
                        TestingRow.of("ord_80", 1).version(),
                        false,
                        "{\"acme_id\":\"ord_80\",\"total\":300.10}".getBytes(UTF_8),
                        "{\"id\": \"ord_80\", \"total\": 300.10}".getBytes(UTF_8));
        SyncTable table =
                TestingService.table("", "", TestingService.column("total", ColumnType.NUMERIC));
        SyncPage page = new SyncPage(table, List.of(row), Instant.parse("2031-05-06T07:10:00Z"));

        assertThat(new String(HttpSyncBody.of(page).bytes(), UTF_8))
                .isEqualTo(
                        "{\"rows\":[{\"pk\":41,\"acme_id\":\"ord_80\",\"total\":300.10,"
                                + "\"data\":{\"id\": \"ord_80\", \"total\": 300.10}}],"
                                + "\"integration_id\":\"svi_1\","
                                + "\"integration_service\":\"acme_order_v1\","
                                + "\"table\":\"orders_1\","
                                + "\"sync_timestamp\":\"2031-05-06T07:10:00.000+00:00\"}");
    }
}
