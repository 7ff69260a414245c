package io.webhookdb.controlplane.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageOriginsTest {
    private static final PageOrigins ORIGINS =
            PageOrigins.of("https://console.example.com, http://localhost:*");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://console.example.com",
                "http://localhost",
                "http://localhost:8080",
                "http://localhost:65535"
            })
    void allowsWhatIsListed(String origin) {
        assertThat(ORIGINS.allows(origin)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "",
                "http://console.example.com",
                "https://console.example.com:444",
                "https://console.example.com.evil.example",
                "https://consoleXexample.com",
                "http://localhost.evil.example",
                "http://localhost:80.evil.example",
                "https://localhost:8080"
            })
    void allowsNothingElse(String origin) {
        assertThat(ORIGINS.allows(origin)).isFalse();
    }

    @Test
    void allowsNobodyUnlessItIsSaid() {
        assertThat(PageOrigins.of("").allows("http://localhost")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"*", "console.example.com", "https://a.example/", "https://*.a.example"})
    void refusesWhatIsNoOrigin(String origin) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PageOrigins.of("https://b.example," + origin))
                .withMessageContaining("WEBHOOKDB_API_CORS_ORIGINS: " + origin);
    }
}
