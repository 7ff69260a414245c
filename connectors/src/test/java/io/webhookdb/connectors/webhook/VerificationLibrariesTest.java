package io.webhookdb.connectors.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.webhookdb.connectors.webhook.Subscriptions.Proof;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What we send is what receivers' libraries take, and what was altered is not. */
final class VerificationLibrariesTest {
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final String BODY = "{\"id\":\"chg_1\",\"row\":{\"name\":\"Zoë 東京 😀\"}}";

    @AutoClose private static final JavaScriptLibrary JAVA_SCRIPT = new JavaScriptLibrary();

    /** One library; throws what it throws. */
    interface Library {
        void verify(String secret, String body, Map<String, String> headers) throws Exception;
    }

    static List<Named<Library>> libraries() {
        return List.of(
                Named.of(
                        "Standard Webhooks for Java",
                        (secret, body, headers) ->
                                new com.standardwebhooks.Webhook(secret)
                                        .verify(body, http(headers))),
                Named.of(
                        "Svix for Java",
                        (secret, body, headers) ->
                                new com.svix.Webhook(secret).verify(body, http(headers))),
                Named.of("Standard Webhooks for JavaScript", JAVA_SCRIPT::verify));
    }

    private static HttpHeaders http(Map<String, String> headers) {
        Map<String, List<String>> lists = new HashMap<>();
        headers.forEach((name, value) -> lists.put(name, List.of(value)));
        return HttpHeaders.of(lists, (name, value) -> true);
    }

    private static Map<String, String> headers(Instant at, String... secrets) {
        Delivery delivery =
                Delivery.fresh(
                        "wsb_1",
                        1,
                        "svi_1",
                        "chg_1",
                        Delivery.Kind.PARALLEL,
                        Delivery.Cause.CHANGE,
                        0,
                        "change/chg_1",
                        BODY.getBytes(UTF_8));
        Proof proof = Proof.of(secrets[0], Signer.of(List.of(secrets), Optional.empty()));
        return WebhookRequest.of(
                        delivery,
                        Receiver.of("https://example.org/hook"),
                        proof,
                        "WebhookDB",
                        Duration.ofSeconds(1),
                        at)
                .headers();
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void acceptOurRequests(Library library) {
        Map<String, String> headers = headers(Instant.now(), SECRET);

        assertThatCode(() -> library.verify(SECRET, BODY, headers)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void acceptTheFormerSecretWhileItIsBeingReplaced(Library library) {
        Map<String, String> headers = headers(Instant.now(), "whsec_bmV3IHNlY3JldA==", SECRET);

        assertThatCode(() -> library.verify(SECRET, BODY, headers)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void refuseWhatWasAltered(Library library) {
        Instant now = Instant.now();
        Map<String, String> ours = headers(now, SECRET);

        refuses(library, BODY + " ", ours);
        refuses(library, BODY.replace("chg_1", "chg_2"), ours);
        refuses(library, BODY, with(ours, "webhook-id", "chg_2"));
        refuses(
                library,
                BODY,
                with(ours, "webhook-timestamp", Long.toString(now.getEpochSecond() - 1)));
        refuses(library, BODY, with(ours, "webhook-signature", "v1,AAAA"));
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void refuseAnotherSecretAndWhatIsOld(Library library) {
        refuses(library, BODY, headers(Instant.now(), "whsec_bmV3IHNlY3JldA=="));
        refuses(library, BODY, headers(Instant.now().minusSeconds(600), SECRET));
    }

    private static void refuses(Library library, String body, Map<String, String> headers) {
        assertThatThrownBy(() -> library.verify(SECRET, body, headers))
                .as("%s %s", body, headers.get("webhook-id"))
                .satisfiesAnyOf(
                        e ->
                                assertThat(e.getClass().getName())
                                        .contains("WebhookVerificationException"),
                        e -> assertThat(e).hasMessageContaining("WebhookVerificationError"));
    }

    private static Map<String, String> with(
            Map<String, String> headers, String name, String value) {
        Map<String, String> changed = new HashMap<>(headers);
        changed.put(name, value);
        return changed;
    }
}
