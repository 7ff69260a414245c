package io.webhookdb.security.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.JaasContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaAccessTest {
    private static final String SERVERS = "one:9093,two:9093";
    private static final String SECRET = "a \"quoted\\ secret";

    @TempDir Path folder;
    private final Map<String, String> variables = new HashMap<>();
    private Path password;

    @BeforeEach
    void everythingIsSet() throws IOException {
        password = Files.writeString(folder.resolve("password"), SECRET + "\n");
        Path ca = Files.writeString(folder.resolve("ca.crt"), "-----BEGIN CERTIFICATE-----\nca\n");
        Path key = Files.writeString(folder.resolve("tls.key"), "-----BEGIN PRIVATE KEY-----\nk");
        variables.put("WEBHOOKDB_KAFKA_SECURITY_PROTOCOL", "SASL_SSL");
        variables.put("WEBHOOKDB_KAFKA_SASL_MECHANISM", "SCRAM-SHA-512");
        variables.put("WEBHOOKDB_KAFKA_SASL_USERNAME", "some \"one\"");
        variables.put("WEBHOOKDB_KAFKA_SASL_PASSWORD_FILE", password.toString());
        variables.put("WEBHOOKDB_KAFKA_TLS_CA", ca.toString());
        variables.put("WEBHOOKDB_KAFKA_TLS_CERTIFICATE", ca.toString());
        variables.put("WEBHOOKDB_KAFKA_TLS_KEY", key.toString());
    }

    @Test
    void isInClearWhereNothingIsSaid() {
        assertThat(KafkaAccess.of(SERVERS, Map.of())).isEqualTo(KafkaAccess.plain(SERVERS));
        assertThat(KafkaAccess.plain(SERVERS).client(Map.of("acks", "all")))
                .isEqualTo(Map.of("bootstrap.servers", SERVERS, "acks", "all"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"kafka", "kafka:abc", "kafka:99999", ":9092", "a:1,,b:2", "a:1\r\nb:2"})
    void refusesServersThatAreNone(String servers) {
        assertThatThrownBy(() -> KafkaAccess.of(servers, Map.of()))
                .hasMessage(
                        "WEBHOOKDB_KAFKA_BOOTSTRAP is \""
                                + servers
                                + "\", expected host:port[,host:port]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"[::1]:9092", "my_kafka:9092", "SSL://kafka.example:9093, 10.0.0.7:9093"})
    void takesWhatKafkaTakes(String servers) {
        assertThat(KafkaAccess.of(servers, Map.of()).bootstrapServers()).isEqualTo(servers);
    }

    @Test
    void saysWhereSecretsAreAndNotWhatTheyAre() {
        KafkaAccess access = KafkaAccess.of(SERVERS, variables);
        assertThat(access.properties())
                .containsEntry("security.protocol", "SASL_SSL")
                .containsEntry("sasl.mechanism", "SCRAM-SHA-512")
                .containsEntry("ssl.truststore.location", folder.resolve("ca.crt").toString())
                .containsEntry("ssl.keystore.key", "${directory:" + folder + ":tls.key}");
        assertThat(access.toString() + access.properties())
                .doesNotContain(SECRET)
                .doesNotContain("quoted")
                .doesNotContain("PRIVATE");
    }

    @Test
    void answersALoginWithWhatTheFileSaysThen() throws IOException {
        assertThat(login(KafkaAccess.of(SERVERS, variables)))
                .containsExactly("some \"one\"", SECRET);
        KafkaAccess access = KafkaAccess.of(SERVERS, variables);
        Files.writeString(password, "changed");
        assertThat(login(access)).containsExactly("some \"one\"", "changed");
    }

    @Test
    void takesThePasswordFromAVariableOnlyAtTheLogin() {
        variables.remove("WEBHOOKDB_KAFKA_SASL_PASSWORD_FILE");
        variables.put("WEBHOOKDB_KAFKA_SASL_PASSWORD", SECRET);
        KafkaAccess access = KafkaAccess.of(SERVERS, variables);
        assertThat(access.toString()).doesNotContain("quoted");
        // It is not set in this process.
        assertThatThrownBy(() -> login(access))
                .hasMessageContaining("WEBHOOKDB_KAFKA_SASL_PASSWORD is not set in this process");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SECURITY_PROTOCOL | TLS | [PLAINTEXT, SASL_PLAINTEXT, SASL_SSL, SSL]",
                "SECURITY_PROTOCOL | PLAINTEXT | SASL_MECHANISM is set, but",
                "SECURITY_PROTOCOL | SSL | SASL_USERNAME is set, but",
                "SECURITY_PROTOCOL | SASL_PLAINTEXT | TLS_CA is set, but",
                "SASL_MECHANISM | GSSAPI | [PLAIN, SCRAM-SHA-256, SCRAM-SHA-512]",
                "SASL_USERNAME | '' | SASL_USERNAME is not set",
                "SASL_PASSWORD | another | both set, expected one of them",
                "SASL_PASSWORD_FILE | '' | not set, expected one of them",
                "SASL_PASSWORD_FILE | /there/is/none | expected a file that can be read",
                "TLS_CA | /there/is/none | expected a file that can be read",
                "TLS_KEY | '' | expected both or neither",
            })
    void refusesWhatCannotWork(String variable, String value, String said) {
        variables.put("WEBHOOKDB_KAFKA_" + variable, value);
        assertThatThrownBy(() -> KafkaAccess.of(SERVERS, variables))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(said)
                .hasMessageNotContaining(SECRET);
    }

    @Test
    void refusesToSendThePasswordInClear() {
        variables.keySet().removeIf(name -> name.contains("_TLS_"));
        variables.put("WEBHOOKDB_KAFKA_SECURITY_PROTOCOL", "SASL_PLAINTEXT");
        variables.put("WEBHOOKDB_KAFKA_SASL_MECHANISM", "PLAIN");
        assertThatThrownBy(() -> KafkaAccess.of(SERVERS, variables))
                .hasMessageContaining("which sends the password in clear");
    }

    private static String[] login(KafkaAccess access) {
        AppConfigurationEntry entry =
                JaasContext.loadClientContext(
                                Map.of(
                                        "sasl.jaas.config",
                                        new Password(access.protection().get("sasl.jaas.config"))))
                        .configurationEntries()
                        .get(0);
        KafkaLogin login = new KafkaLogin();
        login.configure(Map.of(), "", java.util.List.of(entry));
        NameCallback name = new NameCallback("name");
        PasswordCallback asked = new PasswordCallback("password", false);
        login.handle(new Callback[] {name, asked});
        return new String[] {name.getName(), new String(asked.getPassword())};
    }
}
