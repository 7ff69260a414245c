package io.webhookdb.connectors.sync;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.standardwebhooks.Webhook;
import java.net.http.HttpHeaders;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class PageSignatureTest {
    private static final byte[] BODY = "{\"rows\":[{\"name\":\"Zoë\"}]}".getBytes(UTF_8);
    private static final PageBody PAGE =
            new PageBody(
                    List.of(Arrays.copyOf(BODY, 3), Arrays.copyOfRange(BODY, 3, BODY.length)),
                    BODY.length);

    @Test
    void isVerifiedByTheLibraryOfStandardWebhooksWithThePassword() throws Exception {
        HttpUrl url = HttpUrl.parse("https://user:whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw@a.org/");

        Map<String, String> headers = PageSignature.headers(url, PAGE, Instant.now());

        HttpHeaders http =
                HttpHeaders.of(
                        headers.entrySet().stream()
                                .collect(
                                        Collectors.toMap(
                                                Map.Entry::getKey,
                                                entry -> List.of(entry.getValue()))),
                        (name, value) -> true);
        assertThatCode(
                        () ->
                                new Webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
                                        .verify(new String(BODY, UTF_8), http))
                .doesNotThrowAnyException();
    }

    @Test
    void namesAPageByItsContent() throws Exception {
        HttpUrl url = HttpUrl.parse("https://user:secret@a.org/");
        Instant now = Instant.now();

        String id = PageSignature.headers(url, PAGE, now).get("webhook-id");

        assertThat(PageSignature.headers(url, PAGE, now.plusSeconds(9)))
                .containsEntry("webhook-id", id);
        assertThat(PageSignature.headers(url, PageBody.of(new byte[0]), now))
                .doesNotContainValue(id);
    }

    @Test
    void signsNothingWithoutAPassword() throws Exception {
        assertThat(PageSignature.headers(HttpUrl.parse("https://user@a.org/"), PAGE, Instant.EPOCH))
                .isEmpty();
        assertThat(PageSignature.headers(HttpUrl.parse("http://a.org/"), PAGE, Instant.EPOCH))
                .isEmpty();
    }
}
