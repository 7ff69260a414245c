package io.webhookdb.controlplane.provisioner.alerts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Duration;
import org.jdbi.v3.core.Handle;

/**
 * Notes alerts and who is to be told, in the caller's transaction. The same alert is told once in
 * {@link #PAUSE}; what comes in between is counted.
 */
public final class Alerts {
    static final Duration PAUSE = Duration.ofHours(1);

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Alerts() {}

    /** Whether an alert is on its way now. */
    public enum Raised {
        NOW,
        /** The same was told a short time ago. */
        KNOWN
    }

    /** Raises one. Error handlers, where an organization has some, replace mail to its admins. */
    public static Raised raise(Handle transaction, Alert alert) {
        if (!isNew(transaction, alert)) {
            transaction.execute(
                    "UPDATE alert_marks SET suppressed = suppressed + 1 WHERE signature = ?",
                    mark(alert));
            return Raised.KNOWN;
        }
        long id = store(transaction, alert);
        int handlers =
                transaction.execute(
                        "INSERT INTO alert_outbox (alert_id, channel, address) SELECT ?,"
                                + " 'handler', key FROM control_documents WHERE organization_id ="
                                + " ? AND kind = 'error_handler' AND state = 'active'",
                        id,
                        alert.organization());
        if (handlers == 0) {
            transaction.execute(
                    "INSERT INTO alert_outbox (alert_id, channel, address) SELECT ?, 'mail',"
                            + " c.email FROM memberships m JOIN customers c ON c.id = m.customer_id"
                            + " WHERE m.organization_id = ? AND m.role = 'admin' AND m.verified",
                    id,
                    alert.organization());
        }
        return Raised.NOW;
    }

    private static boolean isNew(Handle transaction, Alert alert) {
        return transaction
                        .createUpdate(
                                "INSERT INTO alert_marks (signature, raised_at) VALUES (:signature,"
                                    + " now()) ON CONFLICT (signature) DO UPDATE SET raised_at ="
                                    + " now(), suppressed = 0 WHERE alert_marks.raised_at < now() -"
                                    + " make_interval(secs => :pause)")
                        .bind("signature", mark(alert))
                        .bind("pause", (double) PAUSE.toSeconds())
                        .execute()
                == 1;
    }

    private static String mark(Alert alert) {
        return alert.organization() + "/" + alert.signature();
    }

    private static long store(Handle transaction, Alert alert) {
        return transaction
                .createQuery(
                        "INSERT INTO alerts (organization_id, integration, kind, signature,"
                                + " subject, message, details) VALUES (:organization, :integration,"
                                + " :kind, :signature, :subject, :message, :details) RETURNING id")
                .bind("organization", alert.organization())
                .bind("integration", alert.integration())
                .bind("kind", alert.kind().errorType())
                .bind("signature", alert.signature())
                .bind("subject", alert.title())
                .bind("message", alert.message())
                .bind("details", json(alert))
                .mapTo(Long.class)
                .one();
    }

    private static String json(Alert alert) {
        try {
            return MAPPER.writeValueAsString(alert.details());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Details of " + alert.signature(), e);
        }
    }
}
