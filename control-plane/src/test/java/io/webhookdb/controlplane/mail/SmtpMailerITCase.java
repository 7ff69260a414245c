package io.webhookdb.controlplane.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.webhookdb.controlplane.environment.Environment;
import jakarta.mail.internet.MimeMessage;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a real mail server in this process. */
class SmtpMailerITCase {
    private static final Mail CODE = new Mail.LoginCode("ada@example.org", "123456");

    private GreenMail server;

    @BeforeEach
    void start() {
        server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        server.start();
        server.setUser("sender@example.org", "user", "pass:word");
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    @Test
    void mailsALoginCode() throws Exception {
        mailer("user:pass%3Aword@").send(CODE);

        MimeMessage mail = only();
        assertThat(mail.getAllRecipients()).hasSize(1);
        assertThat(mail.getAllRecipients()[0].toString()).isEqualTo("ada@example.org");
        assertThat(mail.getFrom()[0].toString()).isEqualTo("WebhookDB <hook@example.org>");
        assertThat(mail.getContent().toString()).contains("123456");
        assertThat(mail.getSubject()).doesNotContain("123456");
        assertThat(mail.getHeader("Auto-Submitted")).containsExactly("auto-generated");
    }

    @Test
    void mailsAnInvitationWithNamesOfAnyAlphabet() throws Exception {
        mailer("")
                .send(
                        new Mail.Invitation(
                                "ada@example.org",
                                "\u0410\u043a\u043c\u0435 & Co",
                                "bob@example.org",
                                "join-12ab34cd"));

        MimeMessage mail = only();
        assertThat(mail.getSubject()).contains("\u0410\u043a\u043c\u0435 & Co");
        assertThat(mail.getContent().toString())
                .contains("join-12ab34cd")
                .contains("bob@example.org");
    }

    @Test
    void knowsARefusedLogin() {
        assertThatExceptionOfType(MailException.class)
                .isThrownBy(() -> mailer("user:wrong@").send(CODE))
                .matches(e -> e.failure() == MailFailure.CONFIGURATION);
    }

    @Test
    void knowsAServerThatIsAway() {
        Mailer mailer = mailer("");
        server.stop();

        assertThatExceptionOfType(MailException.class)
                .isThrownBy(() -> mailer.send(CODE))
                .matches(e -> e.failure() == MailFailure.TRANSIENT);
    }

    @Test
    void neverTakesOneAddressForTwo() {
        for (String address : new String[] {"a,b@example.org", "<a@b>,c@example.org", "a b@c"}) {
            assertThatExceptionOfType(MailException.class)
                    .isThrownBy(() -> mailer("").send(new Mail.LoginCode(address, "123456")))
                    .matches(e -> e.failure() == MailFailure.RECIPIENT);
        }
        assertThat(server.getReceivedMessages()).isEmpty();
    }

    /** More failures than may be under way at once: each gives its place back. */
    @Test
    void keepsNoPlaceOccupiedAfterAFailure() {
        Mailer mailer = mailer("user:wrong@");
        for (int i = 0; i < 40; i++) {
            assertThatExceptionOfType(MailException.class)
                    .isThrownBy(() -> mailer.send(CODE))
                    .matches(e -> e.failure() == MailFailure.CONFIGURATION);
        }
    }

    @Test
    void sendsNoPasswordToAServerThatOffersNoEncryption() {
        SmtpServer demanding =
                new SmtpServer(
                        SmtpServer.Security.STARTTLS_REQUIRED,
                        "127.0.0.1",
                        server.getSmtp().getPort(),
                        SmtpServer.parse("smtp://user:pass%3Aword@mail.example").credentials());

        assertThatExceptionOfType(MailException.class)
                .isThrownBy(() -> new SmtpMailer(demanding, "hook@example.org").send(CODE));
        assertThat(server.getReceivedMessages()).isEmpty();
    }

    private Mailer mailer(String login) {
        return MailSettings.mailer(
                        new Environment(
                                Map.of(
                                        "WEBHOOKDB_SMTP_URL",
                                        "smtp://"
                                                + login
                                                + "127.0.0.1:"
                                                + server.getSmtp().getPort(),
                                        "WEBHOOKDB_MAIL_FROM",
                                        "WebhookDB <hook@example.org>")))
                .orElseThrow();
    }

    private MimeMessage only() {
        assertThat(server.getReceivedMessages()).hasSize(1);
        return server.getReceivedMessages()[0];
    }
}
