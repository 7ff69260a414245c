package io.webhookdb.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestPathTest {
    @ParameterizedTest
    @CsvSource({
        "/v1/service_integrations/svi_a, svi_a",
        "/v1/service_integrations/svi_a/, svi_a",
        "/v1/service_integrations/svi_a/b/c, svi_a",
        "/v1/service_integrations/svi_a%2Fb, svi_a%2Fb"
    })
    void readsTheIdWhateverFollows(String path, String id) {
        assertThat(RequestPath.integration(path)).hasValue(id);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/v1/service_integrations",
                "/v1/service_integrations/",
                "/v1/service_integrations//svi_a",
                "/v2/service_integrations/svi_a",
                "/x/v1/service_integrations/svi_a"
            })
    void otherPathsNameNoIntegration(String path) {
        assertThat(RequestPath.integration(path)).isEmpty();
    }

    @Test
    void knowsTheFormOfIds() {
        assertThat(RequestPath.isOpaqueId("svi_3k")).isTrue();
        assertThat(RequestPath.isOpaqueId("sub_3k")).isFalse();
        assertThat(RequestPath.isOpaqueId("svi_" + "a".repeat(200))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "skipbotcheck, true",
        "skipbotcheck=, true",
        "a=1&skipbotcheck=no, true",
        "skipbotchecks=1, false",
        "a=skipbotcheck, false",
        ", false"
    })
    void findsAParameterWithAnyValue(String query, boolean there) {
        assertThat(RequestPath.hasParameter(query, "skipbotcheck")).isEqualTo(there);
    }
}
