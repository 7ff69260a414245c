package io.webhookdb.security.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedirectTest {
    private static final URI FROM = URI.create("https://a.example/in?x=1");

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 307, 308})
    void leadsToWhereTheSameRequestIsWanted(int status) throws Exception {
        assertThat(Redirect.of(FROM, status, "/other?y=2"))
                .contains(URI.create("https://a.example/other?y=2"));
        assertThat(Redirect.of(FROM, status, "https://b.example/"))
                .contains(URI.create("https://b.example/"));
    }

    @Test
    void leadsNowhereWhereTheRequestWasTaken() throws Exception {
        assertThat(Redirect.of(FROM, 200, "/other")).isEmpty();
        assertThat(Redirect.of(FROM, 303, "/thanks")).isEmpty();
        assertThat(Redirect.of(FROM, 302, null)).isEmpty();
        assertThat(Redirect.of(FROM, 500, "/other")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ftp://b.example/", "file:///etc/passwd", "https://u:p@b.example/", ":"})
    void refusesAddressesThatAreNone(String location) {
        assertThatThrownBy(() -> Redirect.of(FROM, 302, location))
                .isInstanceOf(OutboundRefusedException.class)
                .hasMessageNotContaining("passwd");
    }

    @Test
    void keepsCredentialsAtTheServerTheyAreFor() {
        assertThat(Redirect.keepsCredentials(FROM, URI.create("https://A.example/b"))).isTrue();
        assertThat(Redirect.keepsCredentials(FROM, URI.create("https://b.example/in"))).isFalse();
        assertThat(Redirect.keepsCredentials(FROM, URI.create("http://a.example/in"))).isFalse();
        assertThat(Redirect.keepsCredentials(FROM, URI.create("https://a.example:8443/in")))
                .isFalse();
    }
}
