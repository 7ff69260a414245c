package io.webhookdb.connectors.sync;

import static io.webhookdb.connectors.sync.TestingService.column;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.webhookdb.schemas.catalog.Column;
import io.webhookdb.schemas.catalog.ColumnType;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every sync target does. */
@Timeout(60)
abstract class SyncTargetContract {
    private static final Column TOTAL = column("total", ColumnType.BIGINT);

    private SyncTable table;
    private SyncTarget target;

    /** Whether the target itself can tell an older row from a newer one. */
    enum Order {
        BY_VERSION,
        AS_SENT
    }

    abstract SyncTarget open() throws Exception;

    abstract Order order();

    /**
     * The row as the other side has it: its columns by name, data included.
     *
     * @return null if it has none of that key
     */
    abstract JsonNode stored(SyncTable table, String key) throws Exception;

    /** Takes away what the target made on the other side. */
    abstract void drop(SyncTable table) throws Exception;

    @BeforeEach
    void openTarget() throws Exception {
        table = TestingService.table("synced", "orders", TOTAL);
        drop(table);
        target = open();
    }

    @AfterEach
    void closeTarget() {
        target.close();
    }

    @Test
    void insertsRows() throws Exception {
        deliver(TestingRow.of("a", 1), TestingRow.of("b", 2));

        assertThat(total("a")).isEqualTo(1);
        assertThat(total("b")).isEqualTo(2);
        assertThat(stored(table, "a").get("pk").asLong()).isEqualTo(TestingRow.of("a", 1).pk());
        assertThat(stored(table, "a").get("data")).isEqualTo(json("{\"id\":\"a\"}"));
    }

    @Test
    void updatesRows() throws Exception {
        deliver(TestingRow.of("a", 1), TestingRow.of("b", 1));
        deliver(TestingRow.of("a", 2));

        assertThat(total("a")).isEqualTo(2);
        assertThat(total("b")).isEqualTo(1);
    }

    @Test
    void marksDeletedRowsAndRevivesThem() throws Exception {
        deliver(TestingRow.of("a", 1));
        deliver(TestingRow.deleted("a", 2));
        assertThat(Instant.parse(time(stored(table, "a").get("_deleted_at"))))
                .isEqualTo(Instant.ofEpochSecond(2));

        deliver(TestingRow.of("a", 3));
        assertThat(stored(table, "a").path("_deleted_at").isTextual()).isFalse();
    }

    @Test
    void takesAPageTwice() throws Exception {
        deliver(TestingRow.of("a", 1), TestingRow.of("b", 2));
        deliver(TestingRow.of("a", 1), TestingRow.of("b", 2));

        assertThat(total("a")).isEqualTo(1);
        assertThat(total("b")).isEqualTo(2);
    }

    @Test
    void leavesNewerRowsAloneWhenAnOlderPageComesLate() throws Exception {
        deliver(TestingRow.of("a", 5), TestingRow.deleted("gone", 5));
        deliver(TestingRow.of("a", 3), TestingRow.of("gone", 3), TestingRow.of("b", 3));

        boolean guards = order() == Order.BY_VERSION;
        assertThat(total("a")).isEqualTo(guards ? 5 : 3);
        assertThat(stored(table, "gone").path("_deleted_at").isTextual()).isEqualTo(guards);
        assertThat(total("b")).isEqualTo(3);
    }

    @Test
    void takesANewColumn() throws Exception {
        deliver(TestingRow.of("a", 1));
        table = TestingService.table("synced", "orders", TOTAL, column("note", ColumnType.TEXT));
        deliver(TestingRow.of("a", 2, columns().put("total", 2).put("note", "new"), "{}"));

        assertThat(stored(table, "a").get("note").asText()).isEqualTo("new");
        assertThat(total("a")).isEqualTo(2);
    }

    @Test
    void goesOnAfterTheTableWasDropped() throws Exception {
        deliver(TestingRow.of("a", 1));
        drop(table);
        deliver(TestingRow.of("b", 2));

        assertThat(total("b")).isEqualTo(2);
    }

    @Test
    void keepsNullApartFromEmptyText() throws Exception {
        table = TestingService.table("synced", "orders", column("note", ColumnType.TEXT));
        deliver(
                TestingRow.of("null", 1, columns().putNull("note"), "{}"),
                TestingRow.of("empty", 1, columns().put("note", ""), "{}"));

        assertThat(stored(table, "null").get("note").isNull()).isTrue();
        assertThat(stored(table, "empty").get("note").asText()).isEmpty();
    }

    @Test
    void keepsUnicodeQuotesAndLineBreaks() throws Exception {
        table = TestingService.table("synced", "orders", column("note", ColumnType.TEXT));
        String text = "Grüße, \"日本\" 🦆 \\N \\. '; DROP\r\nTABLE\t,";
        String data = columns().put("text", text).toString();
        deliver(TestingRow.of("ключ\"", 1, columns().put("note", text), data));

        assertThat(stored(table, "ключ\"").get("note").asText()).isEqualTo(text);
        assertThat(stored(table, "ключ\"").get("data").get("text").asText()).isEqualTo(text);
    }

    @Test
    void keepsLargeResources() throws Exception {
        String text = "x".repeat(3_000_000);
        deliver(
                TestingRow.of(
                        "a", 1, columns().put("total", 1), columns().put("t", text).toString()));

        assertThat(stored(table, "a").get("data").get("t").asText()).isEqualTo(text);
    }

    @Test
    void keepsValuesOfEveryType() throws Exception {
        table =
                TestingService.table(
                        "synced",
                        "orders",
                        column("amount", ColumnType.NUMERIC),
                        column("paid", ColumnType.BOOLEAN),
                        column("day", ColumnType.DATE),
                        column("at", ColumnType.TIMESTAMPTZ),
                        column("tags", ColumnType.TEXT_ARRAY),
                        column("ids", ColumnType.BIGINT_ARRAY),
                        column("extra", ColumnType.JSONB),
                        column("uuid", ColumnType.UUID));
        ObjectNode row =
                (ObjectNode)
                        json(
                                """
                                {"amount": 12.5, "paid": true, "day": "2031-05-06",
                                 "at": "2031-05-06T07:08:09.123456+00:00",
                                 "tags": ["a,b", "c\\"d", null], "ids": [1, 9007199254740993],
                                 "extra": {"deep": [1, {"x": null}]},
                                 "uuid": "018f0000-0000-7000-8000-000000000001"}
                                """);
        deliver(TestingRow.of("a", 1, row, "{}"));

        JsonNode stored = stored(table, "a");
        row.properties()
                .forEach(
                        cell ->
                                assertThat(stored.get(cell.getKey()))
                                        .as(cell.getKey())
                                        .isEqualTo(cell.getValue()));
        assertThat(stored.get("amount").decimalValue())
                .isEqualByComparingTo(new BigDecimal("12.5"));
    }

    @Test
    void takesIdentifiersThatNeedQuotes() throws Exception {
        table =
                TestingService.table(
                        "sy\"nced", "Order s; \"x\"", column("Na\"me", ColumnType.TEXT));
        drop(table);
        deliver(TestingRow.of("a", 1, columns().put("Na\"me", "there"), "{}"));
        deliver(TestingRow.of("a", 2, columns().put("Na\"me", "again"), "{}"));

        assertThat(stored(table, "a").get("Na\"me").asText()).isEqualTo("again");
    }

    @Test
    void goesOnAfterARest() throws Exception {
        deliver(TestingRow.of("a", 1));
        target.rest();
        deliver(TestingRow.of("a", 2));

        assertThat(total("a")).isEqualTo(2);
    }

    private void deliver(SyncRow... rows) throws SyncException {
        target.deliver(new SyncPage(table, List.of(rows), Instant.ofEpochSecond(100)));
    }

    private long total(String key) throws Exception {
        return stored(table, key).get("total").asLong();
    }

    private static ObjectNode columns() {
        return TestingRow.JSON.createObjectNode();
    }

    private static JsonNode json(String text) throws Exception {
        return TestingRow.JSON.readTree(text);
    }

    private static String time(JsonNode node) {
        return node.asText().replace("+00:00", "Z");
    }
}
