package io.webhookdb.security.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrivateKeyPemTest {
    @Test
    void readsAKeyWithAndWithoutLineBreaks() throws Exception {
        PrivateKey key = KeyPairGenerator.getInstance("RSA").generateKeyPair().getPrivate();
        String lines =
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder().encodeToString(key.getEncoded())
                        + "\n-----END PRIVATE KEY-----\n";
        assertThat(PrivateKeyPem.parse(lines)).isEqualTo(key);
        assertThat(PrivateKeyPem.parse(lines.replaceAll("[\r\n]", ""))).isEqualTo(key);
        SnowflakeUrl url =
                SnowflakeUrl.parse(
                        "snowflake://u:"
                                + URLEncoder.encode(lines, StandardCharsets.UTF_8)
                                        .replace("+", "%20")
                                + "@acme/db");
        assertThat(PrivateKeyPem.parse(url.password())).isEqualTo(key);
        assertThat(SnowflakeUrl.parse(url.url())).isEqualTo(url);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-----BEGIN ENCRYPTED PRIVATE KEY-----c2VjcmV0-----END ENCRYPTED PRIVATE KEY-----",
                "-----BEGIN RSA PRIVATE KEY-----c2VjcmV0-----END RSA PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY-----c2VjcmV0-----END PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY-----c2Vj?mV0-----END PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY-----"
            })
    void refusesOtherKeysWithoutQuotingThem(String pem) {
        assertThat(PrivateKeyPem.isOne(pem)).isTrue();
        assertThatThrownBy(() -> new SnowflakeUrl("h", "d", "", java.util.Map.of(), "u", pem))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PKCS#8")
                .hasMessageNotContaining("c2V")
                .hasNoCause();
    }

    @Test
    void leavesPasswordsAlone() {
        assertThat(PrivateKeyPem.isOne("-----")).isFalse();
        assertThat(PrivateKeyPem.isOne("pass")).isFalse();
    }
}
