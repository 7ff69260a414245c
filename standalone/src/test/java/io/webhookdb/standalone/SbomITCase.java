package io.webhookdb.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The list of what is shipped, which the build leaves in {@code target/bom.json}. */
class SbomITCase {
    /**
     * Licences that ask for no more than a notice. Where a library offers several, one suffices.
     */
    private static final Set<String> PERMISSIVE =
            Set.of(
                    "Apache-2.0",
                    "MIT",
                    "MIT-0",
                    "BSD-2-Clause",
                    "BSD-3-Clause",
                    "0BSD",
                    "CC0-1.0",
                    "EPL-2.0",
                    "Go License");

    @Test
    void everythingShippedIsListedWithAPermissiveLicence() throws IOException {
        JsonNode bom = new JsonMapper().readTree(Path.of("target/bom.json").toFile());
        var others = new TreeMap<String, Set<String>>();
        bom.path("components")
                .forEach(
                        component -> {
                            Set<String> licences = licences(component);
                            if (licences.stream().noneMatch(PERMISSIVE::contains)) {
                                others.put(component.path("purl").asText(), licences);
                            }
                        });
        assertThat(bom.path("components")).hasSizeGreaterThan(100);
        assertThat(others).isEmpty();
    }

    private static Set<String> licences(JsonNode component) {
        Set<String> names = new TreeSet<>();
        component
                .path("licenses")
                .forEach(
                        entry -> {
                            JsonNode licence = entry.path("license");
                            names.add(licence.path("id").asText(licence.path("name").asText()));
                        });
        return names;
    }
}
