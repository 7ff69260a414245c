package io.webhookdb.controlplane.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.webhookdb.controlplane.environment.Environment;
import io.webhookdb.controlplane.mail.SmtpServer.Credentials;
import io.webhookdb.controlplane.mail.SmtpServer.Security;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SmtpServerTest {
    @Test
    void readsHostPortAndLogin() {
        SmtpServer server = SmtpServer.parse("smtps://me%40example.org:p%3A+%2F@mail.example:4465");

        assertThat(server.host()).isEqualTo("mail.example");
        assertThat(server.port()).isEqualTo(4465);
        assertThat(server.security()).isEqualTo(Security.TLS);
        assertThat(server.credentials()).contains(new Credentials("me@example.org", "p:+/"));
        assertThat(server.toString()).doesNotContain("p:+/");
    }

    @Test
    void knowsTheUsualPorts() {
        assertThat(SmtpServer.parse("smtp://mail.example").port()).isEqualTo(587);
        assertThat(SmtpServer.parse("smtps://mail.example").port()).isEqualTo(465);
    }

    @Test
    void neverSendsAPasswordOverAnOpenNetwork() {
        assertThat(SmtpServer.parse("smtp://u:p@mail.example:25").properties())
                .containsEntry("mail.smtp.starttls.required", "true")
                .containsEntry("mail.smtp.ssl.checkserveridentity", "true");
        assertThat(SmtpServer.parse("smtp://u:p@localhost:25").security())
                .isEqualTo(Security.STARTTLS_IF_OFFERED);
        assertThat(SmtpServer.parse("smtp://mail.example:25").security())
                .isEqualTo(Security.STARTTLS_IF_OFFERED);
        assertThat(SmtpServer.parse("smtps://u:p@mail.example").properties())
                .containsEntry("mail.smtps.ssl.checkserveridentity", "true");
    }

    @Test
    void boundsEveryWait() {
        assertThat(SmtpServer.parse("smtp://mail.example").properties())
                .containsKeys(
                        "mail.smtp.connectiontimeout",
                        "mail.smtp.timeout",
                        "mail.smtp.writetimeout");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mail.example:25",
                "http://mail.example",
                "smtp://",
                "smtp://hush@mail.example",
                "smtp://u:hush@mail.example/path",
                "smtp://u:hush@mail.example?x=y",
                "smtp://u:hu sh@mail.example"
            })
    void refusesWhatIsNoMailServerWithoutQuotingIt(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SmtpServer.parse(url))
                .withMessageContaining("smtp[s]://user:password@host:port")
                .withMessageNotContaining("hush")
                .withNoCause();
    }

    @Test
    void namesTheVariableThatIsMissingOrUnusable() {
        assertThat(MailSettings.mailer(new Environment(Map.of()))).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> mailer("smtp://mail.example", ""))
                .withMessageContaining("WEBHOOKDB_MAIL_FROM");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> mailer("smtp://mail.example", "not an address"))
                .withMessageContaining("WEBHOOKDB_MAIL_FROM");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> mailer("mail.example", "a@example.org"))
                .withMessageContaining("WEBHOOKDB_SMTP_URL");
    }

    private static void mailer(String url, String from) {
        MailSettings.mailer(
                new Environment(Map.of("WEBHOOKDB_SMTP_URL", url, "WEBHOOKDB_MAIL_FROM", from)));
    }
}
