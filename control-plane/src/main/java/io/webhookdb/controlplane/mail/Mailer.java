package io.webhookdb.controlplane.mail;

/** Gets mail to people. Used by many threads. */
public interface Mailer {
    /**
     * Hands a mail over; returns when it is out of this process's hands, within seconds.
     *
     * @throws MailException if it could not be handed over
     */
    void send(Mail mail);
}
