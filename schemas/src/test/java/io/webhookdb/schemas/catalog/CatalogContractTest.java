package io.webhookdb.schemas.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.webhookdb.schemas.row.Extraction;
import io.webhookdb.schemas.row.RowExtractor;
import io.webhookdb.schemas.row.RowUpdate;
import io.webhookdb.schemas.row.RowUpdate.Operation;
import io.webhookdb.schemas.row.TableSql;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What every service of the catalogue promises, checked on its fixtures. A new service is one YAML
 * file and one folder of fixtures; nothing here changes.
 */
class CatalogContractTest {
    private static final Catalog CATALOG = Catalog.load();
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** Types that take neither an object nor any text. */
    private static final Set<ColumnType> STRICT =
            Set.of(
                    ColumnType.BIGINT,
                    ColumnType.BOOLEAN,
                    ColumnType.DATE,
                    ColumnType.INTEGER,
                    ColumnType.NUMERIC,
                    ColumnType.TIMESTAMPTZ,
                    ColumnType.UUID);

    private static final List<JsonNode> UNEXPECTED =
            List.of(
                    JSON.objectNode().set("a", JSON.arrayNode().add(1)),
                    JSON.arrayNode().add(JSON.objectNode()).add("x").addNull(),
                    JSON.textNode("\u0000 no value \uD800"),
                    JSON.numberNode(1e300),
                    JSON.booleanNode(true),
                    JSON.nullNode());

    @TestFactory
    Stream<DynamicContainer> keepsItsPromises() {
        return CATALOG.services().stream()
                .map(service -> dynamicContainer(service.name(), promises(service)));
    }

    private static Stream<DynamicTest> promises(ServiceDefinition service) {
        return Stream.of(
                dynamicTest("maps its fixtures", () -> mapsItsFixtures(service)),
                dynamicTest("orders by time", () -> ordersByTime(service)),
                dynamicTest("knows a repeated event", () -> knowsARepeatedEvent(service)),
                dynamicTest("drifts, never throws", () -> driftsNeverThrows(service)),
                dynamicTest("has a table of all columns", () -> hasATableOfAllColumns(service)));
    }

    @Test
    void hasFixturesForEveryServiceAndNoOthers() throws IOException {
        try (Stream<Path> folders = Files.list(Fixture.FOLDER)) {
            assertThat(folders.map(folder -> folder.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(
                            CATALOG.services().stream().map(ServiceDefinition::name).toList());
        }
        for (ServiceDefinition service : CATALOG.services()) {
            String name = service.name();
            assertThat(service.provenance()).as(name).isNotNull();
            assertThat(!service.supportsWebhooks() || Fixture.webhook(name).isPresent())
                    .as("%s has a webhook", name)
                    .isTrue();
            assertThat(service.backfill() == null || Fixture.backfillItem(name).isPresent())
                    .as("%s has an item", name)
                    .isTrue();
            assertThat(Fixture.delete(name).isPresent())
                    .as("%s has a delete exactly if the service has", name)
                    .isEqualTo(!service.deletes().isEmpty());
        }
    }

    private static void mapsItsFixtures(ServiceDefinition service) {
        JsonNode expected = Fixture.expected(service.name());
        Fixture.webhook(service.name())
                .ifPresent(fixture -> assertRows(service, fixture, expected.get("webhook")));
        Fixture.backfillItem(service.name())
                .ifPresent(fixture -> assertRows(service, fixture, expected.get("backfill")));
        Fixture.delete(service.name())
                .ifPresent(fixture -> assertRows(service, fixture, expected.get("delete")));
    }

    /** Expected is a list of rows, or the reference of an object to fetch. */
    private static void assertRows(ServiceDefinition service, Fixture fixture, JsonNode expected) {
        Extraction extraction = extract(service, fixture);
        if (expected.isTextual()) {
            assertThat(extraction).isEqualTo(new Extraction.Notification(expected.asText()));
            return;
        }
        ArrayNode actual = JSON.arrayNode();
        rows(extraction).forEach(row -> actual.add(described(service, row)));
        assertThat(actual.toPrettyString()).isEqualTo(withOperation(expected).toPrettyString());
        if (extraction instanceof Extraction.Rows rows) {
            assertThat(rows.drift()).as("a fixture has what the vendor sends").isEmpty();
        }
    }

    private static JsonNode withOperation(JsonNode expected) {
        ArrayNode rows = JSON.arrayNode();
        for (JsonNode row : expected) {
            ObjectNode described = JSON.objectNode();
            described.set("key", row.get("key"));
            described.set("version_time", row.get("version_time"));
            described.put("operation", row.path("operation").asText("UPSERT"));
            described.set("cells", row.get("cells"));
            rows.add(described);
        }
        return rows;
    }

    private static ObjectNode described(ServiceDefinition service, RowUpdate row) {
        ObjectNode described = JSON.objectNode();
        described.put("key", row.key());
        described.put(
                "version_time",
                Instant.EPOCH.plus(row.version().timeMicros(), ChronoUnit.MICROS).toString());
        described.put("operation", row.operation().name());
        ObjectNode cells = described.putObject("cells");
        for (int i = 0; i < row.cells().length; i++) {
            cells.put(service.columns().get(i).name(), row.cells()[i]);
        }
        return described;
    }

    private static void ordersByTime(ServiceDefinition service) {
        for (Fixture fixture : upserts(service)) {
            Optional<Fixture> older = FixtureEdits.older(service, fixture);
            if (fixture.body().isTextual() && !service.versionTime().isEmpty()) {
                continue; // Times within a form's text cannot be edited here.
            }
            List<RowUpdate> newer = rows(extract(service, fixture));
            List<RowUpdate> before =
                    older.isPresent()
                            ? rows(extract(service, older.get()))
                            : rows(
                                    new RowExtractor(service)
                                            .extract(
                                                    fixture.event(
                                                            Fixture.RECEIVED_MICROS - 2_000_000),
                                                    7,
                                                    1));
            assertThat(before).hasSameSizeAs(newer);
            for (int i = 0; i < newer.size(); i++) {
                assertThat(before.get(i).version()).isLessThan(newer.get(i).version());
            }
        }
        Fixture.delete(service.name())
                .ifPresent(
                        delete ->
                                assertThat(rows(extract(service, delete)))
                                        .isNotEmpty()
                                        .allMatch(row -> row.operation() != Operation.UPSERT));
    }

    private static void knowsARepeatedEvent(ServiceDefinition service) {
        for (Fixture fixture : upserts(service)) {
            List<RowUpdate> first = rows(extract(service, fixture));
            List<RowUpdate> repeated =
                    rows(
                            new RowExtractor(service)
                                    .extract(
                                            fixture.event(Fixture.RECEIVED_MICROS + 60_000_000),
                                            7,
                                            1));
            assertThat(repeated).hasSameSizeAs(first);
            for (int i = 0; i < first.size(); i++) {
                assertThat(repeated.get(i).key()).isEqualTo(first.get(i).key());
                if (fixture.id().isEmpty()) {
                    assertThat(repeated.get(i).contentHash()).isEqualTo(first.get(i).contentHash());
                }
                assertThat(repeated.get(i).deliveryHash()).isEqualTo(first.get(i).deliveryHash());
            }
        }
    }

    private static void driftsNeverThrows(ServiceDefinition service) {
        for (Fixture fixture : all(service)) {
            assertThat(rows(extract(service, fixture.with(JSON.objectNode()))).isEmpty())
                    .isEqualTo(fixture.id().isEmpty());
            for (Column column : service.columns()) {
                for (JsonNode value : UNEXPECTED) {
                    FixtureEdits.with(service, fixture, column.pointer(), value)
                            .ifPresent(changed -> drifts(service, changed, column, value));
                }
            }
            List<String> pointers = new ArrayList<>();
            Optional.ofNullable(service.key().pointer()).ifPresent(pointers::add);
            service.key().parts().forEach(pointers::addAll);
            for (String pointer : pointers) {
                for (JsonNode value : UNEXPECTED) {
                    FixtureEdits.with(service, fixture, pointer, value)
                            .ifPresent(
                                    changed -> assertThat(extract(service, changed)).isNotNull());
                }
            }
        }
    }

    private static void drifts(
            ServiceDefinition service, Fixture changed, Column column, JsonNode value) {
        Extraction extraction = extract(service, changed);
        boolean anyText = column.convert() == Column.Conversion.MD5_INTEGER;
        boolean misfit =
                STRICT.contains(column.type())
                        && (value.isObject() || (value.isTextual() && !anyText));
        if (misfit
                && column.eventPointer() == null
                && extraction instanceof Extraction.Rows rows
                && rows.updates().get(0).operation() != Operation.DELETE_BY_KEY) {
            assertThat(rows.drift()).contains(column.name());
        }
    }

    private static void hasATableOfAllColumns(ServiceDefinition service) {
        String sql = TableSql.createTable(service, "public", service.name() + "_ab12");
        assertThat(sql)
                .contains(
                        "\""
                                + service.key().column()
                                + "\" "
                                + service.key().type().sql()
                                + " UNIQUE NOT NULL");
        for (Column column : service.columns()) {
            assertThat(sql).contains("\"" + column.name() + "\" " + column.type().sql());
        }
        assertThat(TableSql.createIndexes(service, "public", "t", "svi_1"))
                .hasSize(
                        (int)
                                service.columns().stream()
                                        .filter(column -> column.index() != Column.Index.NONE)
                                        .count());
    }

    private static List<Fixture> upserts(ServiceDefinition service) {
        return Stream.of(Fixture.webhook(service.name()), Fixture.backfillItem(service.name()))
                .flatMap(Optional::stream)
                .toList();
    }

    private static List<Fixture> all(ServiceDefinition service) {
        return Stream.concat(upserts(service).stream(), Fixture.delete(service.name()).stream())
                .toList();
    }

    private static Extraction extract(ServiceDefinition service, Fixture fixture) {
        return new RowExtractor(service).extract(fixture.event(), 7, 1);
    }

    private static List<RowUpdate> rows(Extraction extraction) {
        return extraction instanceof Extraction.Rows rows ? rows.updates() : List.of();
    }
}
