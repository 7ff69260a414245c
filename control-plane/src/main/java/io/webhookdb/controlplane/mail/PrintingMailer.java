package io.webhookdb.controlplane.mail;

import java.util.function.Consumer;

/**
 * Where no mail server is configured: a line for the operator, {@code login code for EMAIL: 123456}
 * or {@code invitation code for EMAIL: join-12ab34cd} or {@code alert for EMAIL: what}.
 */
public final class PrintingMailer implements Mailer {
    private final Consumer<String> printer;

    public PrintingMailer(Consumer<String> printer) {
        this.printer = printer;
    }

    @Override
    public void send(Mail mail) {
        if (mail instanceof Mail.LoginCode login) {
            printer.accept("login code for " + login.to() + ": " + login.code());
        } else if (mail instanceof Mail.Invitation invitation) {
            printer.accept("invitation code for " + invitation.to() + ": " + invitation.code());
        } else if (mail instanceof Mail.Alert alert) {
            printer.accept("alert for " + alert.to() + ": " + alert.title());
        }
    }
}
