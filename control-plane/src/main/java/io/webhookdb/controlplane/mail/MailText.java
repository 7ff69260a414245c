package io.webhookdb.controlplane.mail;

/** Subject and plain text of a mail. Pure. */
record MailText(String subject, String body) {
    static MailText of(Mail mail) {
        if (mail instanceof Mail.LoginCode login) {
            return new MailText(
                    "Your WebhookDB login code",
                    "Your login code is "
                            + login.code()
                            + "\n\n"
                            + "Paste it where you are asked for it, or run\n\n"
                            + "    webhookdb auth login --username="
                            + login.to()
                            + " --token="
                            + login.code()
                            + "\n\nIt is good for 15 minutes and once. If you did not ask for it,"
                            + " ignore this mail.\n");
        }
        if (mail instanceof Mail.Alert alert) {
            return new MailText(
                    alert.title(),
                    alert.message()
                            + "\n\nTo have a program told instead, run\n\n    webhookdb"
                            + " error-handler create\n");
        }
        Mail.Invitation invitation = (Mail.Invitation) mail;
        return new MailText(
                "Join " + invitation.organization() + " on WebhookDB",
                invitation.inviter()
                        + " invites you to "
                        + invitation.organization()
                        + ".\n\nLog in with this address and run\n\n    webhookdb org join "
                        + invitation.code()
                        + "\n\nIf you do not know them, ignore this mail.\n");
    }
}
