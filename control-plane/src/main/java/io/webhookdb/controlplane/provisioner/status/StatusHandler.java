package io.webhookdb.controlplane.provisioner.status;

import io.webhookdb.schemas.status.StatusReport;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Stores one kind of report. Stateless, so that it may serve any number of readers. */
public interface StatusHandler {
    /** Whether reports like this are its business. */
    boolean takes(StatusReport report);

    /**
     * Stores reports of one poll, those of one key in their order. Idempotent: a batch that failed
     * is applied again, in parts.
     *
     * @param reports only such as it {@linkplain #takes takes}; never empty
     * @param handle the transaction in which the offsets are stored, too
     */
    void apply(List<StatusReport> reports, Handle handle);
}
