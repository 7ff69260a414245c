package io.webhookdb.controlplane.api.audit;

import io.webhookdb.controlplane.api.http.Answer;
import io.webhookdb.controlplane.api.http.ApiException;
import io.webhookdb.controlplane.api.http.Endpoint;
import io.webhookdb.controlplane.api.http.PromptException;
import io.webhookdb.controlplane.api.http.Request;
import io.webhookdb.controlplane.api.http.Trail;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Writes the audit log around every request. The entry is written by the first transaction of the
 * request that commits, so that an act without its entry cannot be; a request without transaction,
 * such as one that reads a credential, is noted before its answer goes out. What was answered is
 * added at the end.
 */
public final class AuditTrail implements Trail {
    private static final int SERVER_ERROR = 500;
    private static final int PROMPT = 422;

    private final Jdbi jdbi;

    @SuppressWarnings("ThreadLocalUsage") // One trail a server; a static one would mix servers.
    private final ThreadLocal<AuditEntry> current = new ThreadLocal<>();

    private AuditTrail(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** A trail that from now on takes part in the transactions of this access. */
    public static AuditTrail on(Jdbi jdbi) {
        AuditTrail trail = new AuditTrail(jdbi);
        jdbi.setTransactionHandler(new AuditedTransactions(jdbi.getTransactionHandler(), trail));
        return trail;
    }

    @Override
    public Object follow(Request request, Endpoint endpoint) {
        if (!AuditRules.noted(request.method(), request.route())) {
            return endpoint.answer(request);
        }
        AuditEntry entry = new AuditEntry(request);
        current.set(entry);
        try {
            Object result = answer(request, endpoint, entry);
            finish(entry, result instanceof Answer answer ? answer.status() : 200);
            return result;
        } finally {
            current.remove();
        }
    }

    private Object answer(Request request, Endpoint endpoint, AuditEntry entry) {
        try {
            return endpoint.answer(request);
        } catch (RuntimeException e) {
            try {
                finish(entry, status(e));
            } catch (RuntimeException notNoted) {
                e.addSuppressed(notNoted);
            }
            throw e;
        }
    }

    /** Notes the request of this thread, if it has one that was not noted yet. */
    void commits(Handle transaction) {
        AuditEntry entry = current.get();
        if (entry != null) {
            entry.write(transaction);
        }
    }

    /** Whether the request of this thread is noted already. */
    boolean written() {
        AuditEntry entry = current.get();
        return entry != null && entry.isWritten();
    }

    /** What this thread's transaction noted was taken back. */
    void rolledBack() {
        AuditEntry entry = current.get();
        if (entry != null) {
            entry.forget();
        }
    }

    private void finish(AuditEntry entry, int status) {
        // The entry's own statements are no act.
        current.remove();
        if (entry.isWritten() || AuditRules.noted(status)) {
            jdbi.useTransaction(handle -> entry.finish(handle, status));
        }
    }

    private static int status(RuntimeException e) {
        if (e instanceof ApiException refused) {
            return refused.status();
        }
        return e instanceof PromptException ? PROMPT : SERVER_ERROR;
    }
}
