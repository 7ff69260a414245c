package io.webhookdb.schemas.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReferencePagesTest {
    private static final Path FOLDER = Path.of("..", "docs", "services");

    /** Writes the pages instead of comparing them: {@code -Dwebhookdb.pages=write}. */
    private static final boolean WRITES = "write".equals(System.getProperty("webhookdb.pages"));

    @Test
    void areWhatTheCatalogueSays() throws IOException {
        Map<String, String> pages = ReferencePages.of(Catalog.load());
        if (WRITES) {
            Files.createDirectories(FOLDER);
            for (Map.Entry<String, String> page : pages.entrySet()) {
                Files.writeString(FOLDER.resolve(page.getKey()), page.getValue());
            }
        }
        try (Stream<Path> files = Files.list(FOLDER)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(pages.keySet());
        }
        for (Map.Entry<String, String> page : pages.entrySet()) {
            assertThat(Files.readString(FOLDER.resolve(page.getKey())))
                    .as("%s: refresh it with -Dwebhookdb.pages=write", page.getKey())
                    .isEqualTo(page.getValue());
        }
    }

    @Test
    void describeEveryPropertyOfTheLanguage() throws IOException {
        for (String name : List.of("catalog-vendor", "catalog-resource")) {
            List<String> without = new ArrayList<>();
            try (InputStream json =
                    Catalog.class.getResourceAsStream("/schema/" + name + ".schema.json")) {
                collect(new JsonMapper().readTree(json), "", without);
            }
            assertThat(without).as(name).isEmpty();
        }
    }

    private static void collect(JsonNode node, String at, List<String> without) {
        node.path("properties")
                .properties()
                .forEach(
                        property -> {
                            String path = at + "/" + property.getKey();
                            JsonNode value = property.getValue();
                            if (value.path("description").asText().isBlank()
                                    && !value.has("$ref")) {
                                without.add(path);
                            }
                            collect(value, path, without);
                        });
        node.path("$defs")
                .properties()
                .forEach(
                        definition -> collect(definition.getValue(), definition.getKey(), without));
        if (node.has("items")) {
            collect(node.get("items"), at + "/items", without);
        }
    }
}
