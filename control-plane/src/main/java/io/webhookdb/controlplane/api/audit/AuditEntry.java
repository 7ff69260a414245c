package io.webhookdb.controlplane.api.audit;

import io.webhookdb.controlplane.api.http.Caller;
import io.webhookdb.controlplane.api.http.Request;
import java.util.Optional;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;

/**
 * The entry of one request. Who and where are read when it is written: the endpoint finds them out.
 */
final class AuditEntry {
    private static final int LONGEST_ADDRESS = 200;
    private static final Caller NOBODY = new Caller(OptionalLong.empty(), "", "");

    private final Request request;
    private Optional<Long> id = Optional.empty();

    AuditEntry(Request request) {
        this.request = request;
    }

    boolean isWritten() {
        return id.isPresent();
    }

    void forget() {
        id = Optional.empty();
    }

    /**
     * Writes it, once. What belongs to no organization and no known person is not written:
     * strangers must not be able to fill the log.
     */
    void write(Handle transaction) {
        if (isWritten()) {
            return;
        }
        Caller caller = request.caller().orElse(NOBODY);
        id =
                transaction
                        .createQuery(
                                "INSERT INTO audit_log (organization_id, customer_id, actor, via,"
                                    + " action, subject, detail, address, forwarded_for) SELECT"
                                    + " CAST(:organization AS bigint), p.customer, :actor, :via,"
                                    + " :action, :subject, :detail, :address, :forwarded FROM"
                                    + " (SELECT coalesce(CAST(:customer AS bigint), (SELECT c.id"
                                    + " FROM customers c WHERE c.email = :actor)) AS customer) p"
                                    + " WHERE p.customer IS NOT NULL OR CAST(:organization AS"
                                    + " bigint) IS NOT NULL RETURNING id")
                        .bind("organization", request.organization().orElse(null))
                        .bind(
                                "customer",
                                caller.customer().isPresent()
                                        ? (Long) caller.customer().getAsLong()
                                        : null)
                        .bind("actor", caller.name())
                        .bind("via", caller.via())
                        .bind("action", AuditRules.action(request.route()))
                        .bind("subject", AuditRules.subject(request))
                        .bind("detail", AuditRules.detail(request))
                        .bind("address", request.address())
                        .bind(
                                "forwarded",
                                AuditRules.bounded(
                                        request.header("X-Forwarded-For"), LONGEST_ADDRESS))
                        .mapTo(Long.class)
                        .findOne();
    }

    /** Adds what was answered, and what became known after the act. */
    void finish(Handle transaction, int status) {
        write(transaction);
        id.ifPresent(
                written ->
                        transaction.execute(
                                "UPDATE audit_log SET status = ?, via = ?, organization_id ="
                                        + " coalesce(organization_id, CAST(? AS bigint)) WHERE id ="
                                        + " ?",
                                status,
                                request.caller().orElse(NOBODY).via(),
                                request.organization().orElse(null),
                                written));
    }
}
