package io.webhookdb.connectors.sync;

import static io.webhookdb.connectors.sync.TestingService.column;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.webhookdb.schemas.catalog.Column;
import io.webhookdb.schemas.catalog.ColumnType;
import io.webhookdb.schemas.control.SyncColumns;
import io.webhookdb.schemas.control.SyncColumns.Data;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class ColumnMaskTest {
    private static final byte[] KEY = "key of this target".getBytes(UTF_8);
    private static final SyncTable TABLE =
            TestingService.table(
                    "s",
                    "t",
                    column("email", ColumnType.TEXT),
                    column("total", ColumnType.NUMERIC),
                    column("tags", ColumnType.TEXT_ARRAY));
    private static final SyncRow ROW =
            TestingRow.of(
                    "ord_1",
                    1,
                    TestingRow.JSON
                            .createObjectNode()
                            .put("email", "a@example.com")
                            .put("total", 12.50)
                            .putNull("tags"),
                    "{\"email\":\"a@example.com\"}");

    @Test
    void leavesRowsAloneWhereNothingIsAsked() {
        ColumnMask mask = mask(SyncColumns.ALL);
        assertThat(mask.table(TABLE)).isSameAs(TABLE);
        assertThat(mask.row(TABLE, ROW)).isSameAs(ROW);
    }

    @Test
    void showsOnlyTheKeyAndTheColumnsThatWereChosen() throws Exception {
        ColumnMask mask = mask(columns(List.of("total"), List.of(), List.of(), null));
        assertThat(mask.table(TABLE).service().columns())
                .extracting(Column::name)
                .containsExactly("total");
        assertThat(names(mask)).containsExactly("acme_id", "total");
    }

    @Test
    void dropsColumnsAndWithThemTheResourceThatRepeatsThem() throws Exception {
        ColumnMask mask = mask(columns(List.of(), List.of("email"), List.of(), null));
        assertThat(mask.table(TABLE).hasResource()).isFalse();
        assertThat(new String(mask.row(TABLE, ROW).data(), UTF_8)).isEqualTo("null");
        assertThat(names(mask)).containsExactly("acme_id", "total", "tags");
        assertThat(new String(mask.row(TABLE, ROW).row(), UTF_8)).doesNotContain("example.com");
    }

    @Test
    void keepsTheResourceWhereItIsAskedFor() {
        ColumnMask mask = mask(columns(List.of(), List.of("email"), List.of(), Data.KEPT));
        assertThat(mask.table(TABLE).hasResource()).isTrue();
        assertThat(mask.row(TABLE, ROW).data()).isEqualTo(ROW.data());
        ColumnMask without = mask(columns(List.of(), List.of(), List.of(), Data.DROPPED));
        assertThat(without.table(TABLE).hasResource()).isFalse();
        assertThat(new String(without.row(TABLE, ROW).data(), UTF_8)).isEqualTo("null");
    }

    @Test
    void hashesValuesUnderTheTargetsKeyAndLeavesNullNull() throws Exception {
        ColumnMask mask =
                mask(columns(List.of(), List.of(), List.of("email", "total", "tags"), null));
        JsonNode cells = cells(mask);
        assertThat(cells.get("email").asText()).isEqualTo(hmac("a@example.com"));
        assertThat(cells.get("total").asText()).isEqualTo(hmac("12.5"));
        assertThat(cells.get("tags").isNull()).isTrue();
        assertThat(mask.table(TABLE).service().columns())
                .allMatch(column -> column.type() == ColumnType.TEXT);
        ColumnMask other =
                new ColumnMask(columns(List.of(), List.of(), List.of("email"), null), new byte[32]);
        assertThat(cells(other).get("email").asText()).isNotEqualTo(cells.get("email").asText());
    }

    @Test
    void hashesTheKeyOfTheRowAsWell() throws Exception {
        ColumnMask mask = mask(columns(List.of(), List.of(), List.of("acme_id"), null));
        assertThat(mask.row(TABLE, ROW).key()).isEqualTo(hmac("ord_1"));
        assertThat(cells(mask).get("acme_id").asText()).isEqualTo(hmac("ord_1"));
        assertThat(mask.table(TABLE).service().key().type()).isEqualTo(ColumnType.TEXT);
        assertThat(mask.row(TABLE, ROW).version()).isEqualTo(ROW.version());
    }

    @Test
    void refusesToHashWithoutAKey() {
        SyncColumns hashed = columns(List.of(), List.of(), List.of("email"), null);
        assertThatThrownBy(() -> new ColumnMask(hashed, new byte[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("email");
    }

    private static ColumnMask mask(SyncColumns columns) {
        return new ColumnMask(columns, KEY);
    }

    private static SyncColumns columns(
            List<String> only, List<String> dropped, List<String> hashed, Data data) {
        return new SyncColumns(only, dropped, hashed, data, null);
    }

    private static JsonNode cells(ColumnMask mask) throws Exception {
        return TestingRow.JSON.readTree(mask.row(TABLE, ROW).row());
    }

    private static List<String> names(ColumnMask mask) throws Exception {
        return cells(mask).properties().stream().map(java.util.Map.Entry::getKey).toList();
    }

    private static String hmac(String text) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(KEY, "HmacSHA256"));
        return HexFormat.of().formatHex(mac.doFinal(text.getBytes(UTF_8)));
    }
}
