package io.webhookdb.controlplane.mail;

import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.internet.AddressException;

/** Why a mail could not be handed over. They differ in who has to act. */
public enum MailFailure {
    /** The login or the sender; an operator has to act. */
    CONFIGURATION,
    /** The server or the way to it; passes by itself. */
    TRANSIENT,
    /** The address: nobody there can be mailed. */
    RECIPIENT;

    static MailFailure of(MessagingException e) {
        if (e instanceof AuthenticationFailedException) {
            return CONFIGURATION;
        }
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof AddressException
                    || cause instanceof SendFailedException failed
                            && failed.getInvalidAddresses() != null
                            && failed.getInvalidAddresses().length > 0) {
                return RECIPIENT;
            }
        }
        return e instanceof SendFailedException ? CONFIGURATION : TRANSIENT;
    }
}
