package io.webhookdb.controlplane.provisioner.alerts;

/** What people are told of. Words are part of the public format. */
public enum AlertKind {
    REJECTED_WEBHOOKS("rejected_webhooks"),
    /** The vendor, or the way to it; refused credentials, too. */
    FAILING_BACKFILL("generic_backfill"),
    /** Webhooks registered at the vendor are gone, and cannot be registered again. */
    WEBHOOK_REGISTRATION("webhook_registration"),
    DISABLED_SUBSCRIPTION("disabled_subscription"),
    FAILING_SYNC("failing_sync"),
    DEAD_LETTERS("dead_letters");

    private final String word;

    AlertKind(String word) {
        this.word = word;
    }

    /** The word in signatures. */
    public String word() {
        return word;
    }

    /** The word in {@code error_type}. */
    public String errorType() {
        return "error_" + word;
    }
}
