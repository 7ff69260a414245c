package io.webhookdb.controlplane.provisioner.alerts;

import java.util.Map;

/**
 * Something people have to act on. Holds neither payload nor secret.
 *
 * @param kind what it is about
 * @param organization numeric id of who is told
 * @param integration opaque id; null if it is about none in particular
 * @param subject opaque id of what is in trouble: the integration, a subscription, a sync target
 * @param title one line
 * @param message plain text, with what can be done
 * @param details facts for programs
 */
public record Alert(
        AlertKind kind,
        long organization,
        String integration,
        String subject,
        String title,
        String message,
        Map<String, Object> details) {

    public Alert {
        details = Map.copyOf(details);
    }

    /** The same for the same trouble of the same thing. */
    public String signature() {
        return "msg-errors/" + kind.word() + "-sint:" + subject;
    }
}
