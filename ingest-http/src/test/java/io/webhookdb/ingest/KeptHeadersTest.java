package io.webhookdb.ingest;

import static io.webhookdb.ingest.TestingControl.STRIPE;
import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.schemas.catalog.Reply;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.catalog.Verification;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KeptHeadersTest {
    private static final Map<String, List<String>> REQUEST =
            Map.of(
                    "stripe-signature", List.of("t=1"),
                    "x-twice", List.of("a", "b"),
                    "x-unnamed", List.of("x"),
                    "whdb-secret", List.of("s3cret"),
                    "authorization", List.of("Basic s3cret"),
                    "proxy-authorization", List.of("Basic s3cret"),
                    "cookie", List.of("s3cret"));

    @Test
    void keepsWhatTheDefinitionNamesAndNothingElse() {
        KeptHeaders kept =
                KeptHeaders.ofAccepted(
                        definition(STRIPE.verification(), List.of("X-Twice", "X-Absent")));

        assertThat(kept(kept)).containsExactly(Map.entry("x-twice", "a, b"));
    }

    @Test
    void keepsTheSignatureOfWhatWasRefused() {
        KeptHeaders kept = KeptHeaders.ofRejected(definition(STRIPE.verification(), List.of()));

        assertThat(kept(kept)).containsExactly(Map.entry("stripe-signature", "t=1"));
    }

    @Test
    void keepsNoSecretEvenIfTheDefinitionNamesIt() {
        List<String> all =
                List.of("Authorization", "Proxy-Authorization", "COOKIE", "Whdb-Secret", "X-Twice");
        ServiceDefinition definition = definition(TestingControl.staticHeader("Whdb-Secret"), all);

        assertThat(kept(KeptHeaders.ofAccepted(definition))).containsOnlyKeys("x-twice");
        assertThat(kept(KeptHeaders.ofRejected(definition))).containsOnlyKeys("x-twice");
    }

    private static ServiceDefinition definition(Verification verification, List<String> names) {
        return TestingControl.with(
                STRIPE, "a_v1", STRIPE.modes(), verification, Reply.DEFAULT, names);
    }

    private static Map<String, String> kept(KeptHeaders headers) {
        return headers.of(name -> REQUEST.getOrDefault(name, List.of()));
    }
}
