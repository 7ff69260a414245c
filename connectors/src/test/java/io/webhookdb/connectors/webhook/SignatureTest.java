package io.webhookdb.connectors.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SignatureTest {
    /** The example of the Standard Webhooks libraries' own tests. */
    @Test
    void isTheOneOfTheSpecification() {
        assertThat(
                        Signature.of(
                                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                                1614265330,
                                "{\"test\": 2432232314}".getBytes(UTF_8)))
                .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @Test
    void takesAnyOtherSecretAsItsBytes() {
        byte[] body = "{}".getBytes(UTF_8);

        assertThat(Signature.of("whsec_c2VjcmV0", "a", 1, body))
                .isEqualTo(Signature.of("secret", "a", 1, body))
                .isNotEqualTo(Signature.of("other", "a", 1, body));
        assertThat(Signature.of("whsec_no base64!", "a", 1, body)).startsWith("v1,");
    }
}
