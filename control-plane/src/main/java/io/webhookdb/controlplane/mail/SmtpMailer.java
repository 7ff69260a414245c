package io.webhookdb.controlplane.mail;

import jakarta.mail.Authenticator;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.PasswordAuthentication;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends through a mail server, one connection a mail. At most {@value #AT_ONCE} at a time: a server
 * that hangs must not take every thread that answers requests.
 */
final class SmtpMailer implements Mailer {
    private static final Logger LOG = LoggerFactory.getLogger(SmtpMailer.class);
    private static final int AT_ONCE = 16;

    private final SmtpServer server;
    private final InternetAddress from;
    private final Session session;
    private final Semaphore free = new Semaphore(AT_ONCE);

    /**
     * A mailer.
     *
     * @param from sender, an address or {@code Name <address>}
     * @throws IllegalArgumentException if the sender is unusable
     */
    SmtpMailer(SmtpServer server, String from) {
        this.server = server;
        try {
            this.from = new InternetAddress(from, true);
        } catch (AddressException e) {
            throw new IllegalArgumentException(
                    "The sender of mail must be an address or \"Name <address>\".", e);
        }
        this.session = Session.getInstance(server.properties(), authenticator(server));
    }

    @Override
    public void send(Mail mail) {
        if (!free.tryAcquire()) {
            LOG.warn("{} mails are being sent at once; another one is refused", AT_ONCE);
            throw new MailException(MailFailure.TRANSIENT);
        }
        try {
            MimeMessage message = message(mail);
            try (Transport transport = session.getTransport(server.protocol())) {
                transport.connect();
                transport.sendMessage(message, message.getAllRecipients());
            }
        } catch (MessagingException e) {
            MailFailure failure = MailFailure.of(e);
            // The library's message may quote the address, so only its kind is logged.
            LOG.warn(
                    "Mail server {}:{}: {} ({})",
                    server.host(),
                    server.port(),
                    failure,
                    e.getClass().getSimpleName());
            throw new MailException(failure);
        } finally {
            free.release();
        }
    }

    private MimeMessage message(Mail mail) throws MessagingException {
        MailText text = MailText.of(mail);
        MimeMessage message = new MimeMessage(session);
        message.setFrom(from);
        // Strict and single: an address never becomes a list.
        message.setRecipient(Message.RecipientType.TO, new InternetAddress(mail.to(), true));
        message.setSubject(text.subject(), StandardCharsets.UTF_8.name());
        message.setText(text.body(), StandardCharsets.UTF_8.name());
        message.setHeader("Auto-Submitted", "auto-generated");
        message.setSentDate(new Date());
        message.saveChanges();
        return message;
    }

    private static Authenticator authenticator(SmtpServer server) {
        return server.credentials()
                .<Authenticator>map(
                        login ->
                                new Authenticator() {
                                    @Override
                                    protected PasswordAuthentication getPasswordAuthentication() {
                                        return new PasswordAuthentication(
                                                login.user(), login.password());
                                    }
                                })
                .orElse(null);
    }
}
