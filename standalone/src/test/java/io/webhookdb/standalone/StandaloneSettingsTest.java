package io.webhookdb.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class StandaloneSettingsTest {
    private static final Path SPOOL = Path.of("spool");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "WEBHOOKDB_DATABASE_URL | nonsense-kept-secret",
                "WEBHOOKDB_DATABASE_URL | http://u:kept-secret@h/db",
                "WEBHOOKDB_DATABASE_URL | postgres://u:kept-secret@h:99999/db",
                "WEBHOOKDB_REPLICATION_SERVERS | postgres://u:p@h/db,kept-secret",
                "WEBHOOKDB_KAFKA_BOOTSTRAP | nonsense",
                "WEBHOOKDB_OUTBOUND_ALLOW | 10.0.0.0/99",
                "WEBHOOKDB_MIN_SYNC_PERIOD | 0",
                "WEBHOOKDB_ISOLATION_MODE | bogus",
                "WEBHOOKDB_WEBHOOK_RETRY_SCHEDULE | 5",
                "WEBHOOKDB_WEBHOOK_RETRY_SCHEDULE | 99999999999999999999h",
                "WEBHOOKDB_WEBHOOK_RETRY_SCHEDULE | 9999999999999999h",
                "WEBHOOKDB_API_BASE_STRIPE | api.stripe.com",
                "WEBHOOKDB_API_CORS_ORIGINS | example.com",
                "WEBHOOKDB_API_TRUSTED_PROXIES | abc",
                "WEBHOOKDB_API_LOGIN_REQUESTS_PER_MINUTE | -1",
                "WEBHOOKDB_API_WRITE_REQUESTS_PER_MINUTE | many",
                "WEBHOOKDB_OAUTH_INTERCOM_CLIENT_ID | id",
                "WEBHOOKDB_SMTP_URL | smtp://u:kept-secret@h:99999",
                "WEBHOOKDB_SPOOL_BYTES | 0",
                "WEBHOOKDB_SPOOL_AFTER_MILLIS | -1",
                "WEBHOOKDB_AUDIT_DAYS | 0",
                "WEBHOOKDB_KEY_ROTATION_DAYS | weekly",
            })
    void refusesAWrongValueByTheNameOfItsVariable(String variable, String value) {
        assertThatThrownBy(() -> settings(Map.of(variable, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(
                        variable.startsWith("WEBHOOKDB_OAUTH_")
                                ? "WEBHOOKDB_OAUTH_INTERCOM_CLIENT_SECRET"
                                : variable)
                .hasMessageNotContaining("kept-secret");
    }

    @Test
    void saysAllThatIsWrongAtOnce() {
        assertThatThrownBy(
                        () ->
                                settings(
                                        Map.of(
                                                "WEBHOOKDB_DATABASE_URL", "x",
                                                "WEBHOOKDB_OUTBOUND_ALLOW", "y",
                                                "WEBHOOKDB_AUDIT_DAYS", "z")))
                .message()
                .hasLineCount(3);
    }

    @Test
    void takesABlankVariableForNone() {
        Map<String, String> blank = new HashMap<>();
        CommandLine up = new CommandLine(new UpCommand());
        up.getCommandSpec()
                .options()
                .forEach(
                        option ->
                                EnvironmentDefaults.variable(option)
                                        .ifPresent(variable -> blank.put(variable, " \r\n")));
        assertThat(blank).hasSizeGreaterThan(12);

        StandaloneOptions options = options(blank);

        assertThat(options.apiPort).isEqualTo(18_001);
        assertThat(options.data).isEqualTo(Path.of(".webhookdb"));
        assertThat(options.minSyncPeriod).isEqualTo(1);
        assertThat(options.skipAuthentication).isFalse();
        assertThat(StandaloneSettings.of(options, blank, SPOOL).servers()).isEmpty();
    }

    @Test
    void flagsWinOverVariables() {
        Map<String, String> environment =
                Map.of("WEBHOOKDB_API_PORT", "1", "WEBHOOKDB_SKIP_AUTHENTICATION", "true");

        StandaloneOptions options =
                options(environment, "--api-port", "2", "--skip-authentication");

        assertThat(options.apiPort).isEqualTo(2);
        assertThat(options.skipAuthentication).isTrue();
        assertThat(options(environment).skipAuthentication).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--api-port=abc", "--skip-authentication=maybe"})
    void tellsOfAValueInOneLineWithoutTheOptions(String flag) {
        StringWriter told = new StringWriter();

        int status = Main.commandLine().setErr(new PrintWriter(told)).execute("up", flag);

        String option = flag.substring(0, flag.indexOf('='));
        String variable =
                "WEBHOOKDB_" + option.substring(2).replace('-', '_').toUpperCase(Locale.ROOT);
        assertThat(status).isEqualTo(1);
        assertThat(told.toString())
                .hasLineCount(1)
                .startsWith("webhookdb: " + variable + " (" + option + ") is \"")
                .contains("allowed");
    }

    private static StandaloneSettings settings(Map<String, String> environment) {
        return StandaloneSettings.of(options(environment), environment, SPOOL);
    }

    private static StandaloneOptions options(Map<String, String> environment, String... flags) {
        UpCommand up = new UpCommand();
        new CommandLine(up)
                .setDefaultValueProvider(new EnvironmentDefaults(environment))
                .parseArgs(flags);
        return up.options;
    }
}
