package io.webhookdb.controlplane.api.audit;

import java.sql.SQLException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.transaction.DelegatingTransactionHandler;
import org.jdbi.v3.core.transaction.TransactionHandler;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;

/** Transactions that take the audit entry of their request along. */
final class AuditedTransactions extends DelegatingTransactionHandler {
    private final AuditTrail trail;

    AuditedTransactions(TransactionHandler delegate, AuditTrail trail) {
        super(delegate);
        this.trail = trail;
    }

    @Override
    public <R, X extends Exception> R inTransaction(Handle handle, HandleCallback<R, X> callback)
            throws X {
        boolean before = trail.written();
        boolean committed = false;
        try {
            R result = super.inTransaction(handle, noted(callback));
            committed = true;
            return result;
        } finally {
            takeBack(before, committed);
        }
    }

    @Override
    public <R, X extends Exception> R inTransaction(
            Handle handle, TransactionIsolationLevel level, HandleCallback<R, X> callback)
            throws X {
        boolean before = trail.written();
        boolean committed = false;
        try {
            R result = super.inTransaction(handle, level, noted(callback));
            committed = true;
            return result;
        } finally {
            takeBack(before, committed);
        }
    }

    @Override
    public TransactionHandler specialize(Handle handle) throws SQLException {
        return new AuditedTransactions(super.specialize(handle), trail);
    }

    private <R, X extends Exception> HandleCallback<R, X> noted(HandleCallback<R, X> callback) {
        return handle -> {
            R result = callback.withHandle(handle);
            trail.commits(handle);
            return result;
        };
    }

    private void takeBack(boolean before, boolean committed) {
        if (!before && !committed) {
            trail.rolledBack();
        }
    }
}
