package io.webhookdb.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PublicAddressTest {
    private static final String URI = "/v1/service_integrations/svi_1?a=b";

    @Test
    void believesTheBaseUrlAlone() {
        assertThat(PublicAddress.urls("https://hooks.example/in", "10.0.0.1", "other.example", URI))
                .containsExactly("https://hooks.example/in" + URI);
    }

    @Test
    void takesTheHostWithEitherScheme() {
        assertThat(PublicAddress.urls("", "hooks.example:8443", null, URI))
                .containsExactly(
                        "https://hooks.example:8443" + URI, "http://hooks.example:8443" + URI);
        assertThat(PublicAddress.urls("", null, null, URI)).hasSize(2);
    }

    /** A proxy may write its own name for this server into Host. */
    @Test
    void takesTheHostTheSenderAskedFor() {
        assertThat(PublicAddress.urls("", "ingest:18002", "hooks.example, edge.example", URI))
                .containsExactly(
                        "https://ingest:18002" + URI,
                        "http://ingest:18002" + URI,
                        "https://hooks.example" + URI,
                        "http://hooks.example" + URI);
        assertThat(PublicAddress.urls("", "hooks.example", "hooks.example", URI)).hasSize(2);
    }
}
