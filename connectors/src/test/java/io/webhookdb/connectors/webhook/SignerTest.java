package io.webhookdb.connectors.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SignerTest {
    /** The example of the Standard Webhooks libraries' own tests. */
    @Test
    void isTheOneOfTheSpecification() {
        assertThat(
                        sign(
                                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                                1614265330,
                                "{\"test\": 2432232314}".getBytes(UTF_8)))
                .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @Test
    void takesAnyOtherSecretAsItsBytes() {
        byte[] body = "{}".getBytes(UTF_8);

        assertThat(sign("whsec_c2VjcmV0", "a", 1, body))
                .isEqualTo(sign("secret", "a", 1, body))
                .isNotEqualTo(sign("other", "a", 1, body));
        assertThat(sign("whsec_no base64!", "a", 1, body)).startsWith("v1,");
    }

    @Test
    void signsWithTheFormerSecretToo() {
        byte[] body = "{}".getBytes(UTF_8);
        Signer signer = Signer.of(List.of("new", "old"), Optional.empty());

        assertThat(signer.sign("a", 1, body))
                .isEqualTo(sign("new", "a", 1, body) + " " + sign("old", "a", 1, body));
    }

    @Test
    void signsSoThatAnyoneCanVerify() throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        byte[] seed = ((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow();
        Signer signer =
                Signer.of(
                        List.of(""),
                        Optional.of("whsk_" + Base64.getEncoder().encodeToString(seed)));

        String value = signer.sign("a", 1, "{}".getBytes(UTF_8));

        assertThat(value).startsWith("v1a,");
        Signature verifier = Signature.getInstance("Ed25519");
        verifier.initVerify(pair.getPublic());
        verifier.update("a.1.{}".getBytes(UTF_8));
        assertThat(verifier.verify(Base64.getDecoder().decode(value.substring(4)))).isTrue();
    }

    private static String sign(String secret, String id, long seconds, byte[] body) {
        return Signer.of(List.of(secret), Optional.empty()).sign(id, seconds, body);
    }
}
