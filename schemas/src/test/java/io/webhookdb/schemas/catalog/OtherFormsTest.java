package io.webhookdb.schemas.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import io.webhookdb.schemas.row.Extraction;
import io.webhookdb.schemas.row.RowExtractor;
import io.webhookdb.schemas.row.RowUpdate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.TestFactory;

/**
 * What else than its first fixtures a vendor sends: other events, older versions, other spellings.
 * Each is in {@code other-forms.json} of its service's folder, with the operation, the key and
 * those cells that matter; {@code null} is a cell without a value, an empty list an event without a
 * row.
 */
class OtherFormsTest {
    private static final Catalog CATALOG = Catalog.load();

    @TestFactory
    Stream<DynamicContainer> areReadAsTheVendorMeansThem() {
        return CATALOG.services().stream()
                .filter(service -> !Fixture.otherForms(service.name()).isEmpty())
                .map(
                        service ->
                                dynamicContainer(
                                        service.name(),
                                        Fixture.otherForms(service.name()).stream()
                                                .map(
                                                        form ->
                                                                dynamicTest(
                                                                        form.about(),
                                                                        () ->
                                                                                isRead(
                                                                                        service,
                                                                                        form)))));
    }

    private static void isRead(ServiceDefinition service, Fixture.OtherForm form) {
        Extraction extraction = new RowExtractor(service).extract(form.request().event(), 7, 1);
        List<RowUpdate> rows = new ArrayList<>();
        if (extraction instanceof Extraction.Rows brought) {
            rows.addAll(brought.updates());
            assertThat(brought.drift()).isEmpty();
        } else {
            assertThat(extraction).isInstanceOf(Extraction.Ignored.class);
        }
        assertThat(rows).hasSize(form.rows().size());
        for (int i = 0; i < rows.size(); i++) {
            JsonNode expected = form.rows().get(i);
            assertThat(rows.get(i).key()).isEqualTo(expected.get("key").asText());
            assertThat(rows.get(i).operation().name())
                    .isEqualTo(expected.get("operation").asText());
            RowUpdate row = rows.get(i);
            expected.path("cells")
                    .properties()
                    .forEach(
                            cell ->
                                    assertThat(row.cells()[column(service, cell.getKey())])
                                            .as(cell.getKey())
                                            .isEqualTo(
                                                    cell.getValue().isNull()
                                                            ? null
                                                            : cell.getValue().asText()));
        }
    }

    private static int column(ServiceDefinition service, String name) {
        List<String> names = service.columns().stream().map(Column::name).toList();
        assertThat(names).contains(name);
        return names.indexOf(name);
    }
}
