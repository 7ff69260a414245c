package io.webhookdb.connectors.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BackfillSettingsTest {
    @Test
    void takesBasesByVendorWithoutTrailingSlashes() {
        assertThat(bases("http://127.0.0.1:8080/api/"))
                .containsEntry("stripe", "http://127.0.0.1:8080/api");
        assertThat(bases(" ")).as("blank is not set").isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense",
                "ftp://a.example",
                "https://",
                "https://a b",
                "https://u@a.example",
                "https://a.example?x=1"
            })
    void refusesWhatIsNoBase(String value) {
        assertThatThrownBy(() -> bases(value))
                .hasMessageContaining("WEBHOOKDB_API_BASE_STRIPE")
                .hasMessageContaining(value);
    }

    private static Map<String, String> bases(String value) {
        return BackfillSettings.DEFAULT
                .withEnvironment(Map.of("WEBHOOKDB_API_BASE_STRIPE", value))
                .apiBases();
    }
}
