package io.webhookdb.schemas.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.schemas.catalog.Routes.Part;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoutesTest {
    @ParameterizedTest
    @CsvSource({
        "https://acme.api.frontapp.com/me, acme.api.frontapp.com",
        "https://front_acme.api.frontapp.com/me, front_acme.api.frontapp.com",
        "https://a@front_acme.api.frontapp.com:443/me, front_acme.api.frontapp.com",
    })
    void knowsTheHostOfAUrl(String url, String host) {
        assertThat(Part.HOST.of(url)).contains(host);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "acme", "no url", "mailto:a@b.example", "https://"})
    void findsNoHostWhereThereIsNone(String text) {
        assertThat(Part.HOST.of(text)).isEmpty();
    }

    @Test
    void takesWhatIsBeforeTheFirstFullStop() {
        assertThat(Part.FIRST_WORD.of("contact.user.created")).contains("contact");
        assertThat(Part.FIRST_WORD.of("ping")).contains("ping");
        assertThat(Part.WHOLE.of("contact.created")).contains("contact.created");
    }
}
