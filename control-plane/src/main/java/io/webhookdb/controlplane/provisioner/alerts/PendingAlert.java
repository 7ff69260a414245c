package io.webhookdb.controlplane.provisioner.alerts;

import java.time.Instant;
import java.util.Map;

/**
 * An alert on its way to one address.
 *
 * @param outbox numeric id of the entry
 * @param channel {@code mail} or {@code handler}
 * @param address a mail address, or the key of an error handler
 * @param attempts how often it was tried
 * @param errorType what it is about
 * @param organization numeric id
 * @param organizationKey key of the organization
 * @param integration opaque id; empty for none
 * @param service service name of the integration; empty for none
 * @param table its table; empty for none
 * @param details facts for programs
 */
record PendingAlert(
        long outbox,
        String channel,
        String address,
        int attempts,
        String errorType,
        String signature,
        long organization,
        String organizationKey,
        String integration,
        String service,
        String table,
        String title,
        String message,
        Map<String, Object> details,
        Instant raisedAt) {

    /** The channel of mail. */
    static final String MAIL = "mail";
}
