package io.webhookdb.security.signature;

import static io.webhookdb.security.signature.Requests.NOW;
import static io.webhookdb.security.signature.Requests.STATIC;
import static io.webhookdb.security.signature.Requests.headers;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.webhookdb.schemas.catalog.Verification;
import io.webhookdb.schemas.catalog.Verification.Scheme;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SignatureVerifierTest {
    private static final String NAME = "Whdb-Webhook-Secret";
    private static final byte[] BODY = "{}".getBytes(UTF_8);

    @Test
    void takesAnythingWhereTheVendorSignsNothing() {
        assertThat(
                        SignatureVerifier.prepare(Requests.NONE, null)
                                .verify(Requests.noHeaders(), BODY, NOW))
                .isEqualTo(Verdict.Accepted.UNSIGNED);
    }

    @Test
    void takesTheStaticSecretAndNothingElse() {
        SignatureVerifier verifier = SignatureVerifier.prepare(STATIC, "s3cret");

        assertThat(verifier.verify(headers("whdb-webhook-secret", "s3cret"), BODY, NOW))
                .isEqualTo(Verdict.Accepted.VERIFIED);
        for (String wrong : new String[] {"s3cre", "s3crets", "S3cret", " s3cret", "x", "\u0000"}) {
            assertThat(verifier.verify(headers(NAME, wrong), BODY, NOW))
                    .as(wrong)
                    .extracting(Verdict::code)
                    .isEqualTo("signature_mismatch");
        }
        assertThat(verifier.verify(Requests.noHeaders(), BODY, NOW).code())
                .isEqualTo("missing_header");
        assertThat(verifier.verify(headers(NAME, ""), BODY, NOW).code())
                .isEqualTo("missing_header");
    }

    @Test
    void comparesAStaticSecretByTheBytesOnTheWire() {
        SignatureVerifier verifier = SignatureVerifier.prepare(STATIC, "schlüssel");
        String onTheWire = new String("schlüssel".getBytes(UTF_8), ISO_8859_1);

        assertThat(verifier.verify(headers(NAME, onTheWire), BODY, NOW))
                .isEqualTo(Verdict.Accepted.VERIFIED);
        assertThat(
                        SignatureVerifier.prepare(STATIC, "what?")
                                .verify(headers(NAME, "what\u2026"), BODY, NOW)
                                .code())
                .isEqualTo("signature_mismatch");
    }

    @ParameterizedTest
    @EnumSource(
            names = {"NONE", "BASIC"},
            mode = EnumSource.Mode.EXCLUDE)
    void refusesToStartWithAnIncompleteScheme(Scheme scheme) {
        assertThatThrownBy(
                        () ->
                                SignatureVerifier.prepare(
                                        new Verification(
                                                scheme, null, null, null, null, null, null, null),
                                        "secret"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(scheme.name());
    }

    @Test
    void everyReasonReadsBackFromItsCode() {
        assertThat(Stream.of(RejectionReason.values()))
                .allSatisfy(
                        reason -> assertThat(RejectionReason.of(reason.code())).isEqualTo(reason));
        assertThatThrownBy(() -> RejectionReason.of("expired"))
                .hasMessageContaining("expired")
                .hasMessageContaining("no_secret");
    }

    @Test
    void sentencesNameTheHeaderAndNeverASecretOrAValue() {
        SignatureVerifier verifier = SignatureVerifier.prepare(STATIC, "s3cret");

        assertThat(verifier.verify(headers(NAME, "attempt"), BODY, NOW))
                .isInstanceOfSatisfying(
                        Verdict.Rejected.class,
                        rejected ->
                                assertThat(rejected.message())
                                        .contains(NAME)
                                        .doesNotContain("s3cret", "attempt"));
    }
}
