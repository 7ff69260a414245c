package io.webhookdb.controlplane.mail;

import io.webhookdb.controlplane.environment.Environment;
import java.util.Optional;

/** The mail server of the environment: {@value #URL} and {@value #FROM}. */
public final class MailSettings {
    static final String URL = "WEBHOOKDB_SMTP_URL";
    static final String FROM = "WEBHOOKDB_MAIL_FROM";

    private MailSettings() {}

    /**
     * The mailer these variables describe; empty if no server is set.
     *
     * @throws IllegalArgumentException if one is unusable, or the sender is missing
     */
    public static Optional<Mailer> mailer(Environment environment) {
        return environment
                .optional(URL)
                .map(
                        url -> {
                            SmtpServer server = named(URL, () -> SmtpServer.parse(url));
                            String from = environment.required(FROM);
                            return named(FROM, () -> new SmtpMailer(server, from));
                        });
    }

    private static <T> T named(String variable, java.util.function.Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(variable + ": " + e.getMessage(), e);
        }
    }
}
