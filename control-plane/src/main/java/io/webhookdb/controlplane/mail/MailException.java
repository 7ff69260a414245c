package io.webhookdb.controlplane.mail;

/** A mail could not be handed over. Its message holds no address and no code. */
public final class MailException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final MailFailure failure;

    MailException(MailFailure failure) {
        super("Mail could not be handed over: " + failure);
        this.failure = failure;
    }

    /** Who has to act. */
    public MailFailure failure() {
        return failure;
    }
}
