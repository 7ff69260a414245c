package io.webhookdb.controlplane.provisioner.status;

import io.webhookdb.controlplane.database.ControlDocuments;
import io.webhookdb.schemas.control.RecoveryControl;
import io.webhookdb.schemas.status.RecoveryProgress;
import io.webhookdb.schemas.status.StatusReport;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** How far recoveries of deliveries are. An order that ended is taken from the control topic. */
final class RecoveryHandler implements StatusHandler {
    private static final String STORE =
            "INSERT INTO recoveries AS r (recovery, organization_id, subscription, state, read,"
                + " sent, reported_at, failure) VALUES (:recovery, :organization, :subscription,"
                + " :state, :read, :sent, :at, :failure) ON CONFLICT (recovery) DO UPDATE SET state"
                + " = excluded.state, read = excluded.read, sent = excluded.sent, reported_at ="
                + " excluded.reported_at, failure = excluded.failure WHERE r.reported_at <="
                + " excluded.reported_at";

    @Override
    public boolean takes(StatusReport report) {
        return report instanceof RecoveryProgress;
    }

    @Override
    public void apply(List<StatusReport> reports, Handle handle) {
        for (StatusReport any : reports) {
            RecoveryProgress report = (RecoveryProgress) any;
            handle.createUpdate(STORE)
                    .bind("recovery", report.recovery())
                    .bind("organization", report.organization())
                    .bind("subscription", report.subscription())
                    .bind("state", report.state().word())
                    .bind("read", report.read())
                    .bind("sent", report.sent())
                    .bind("at", Instant.parse(report.at()).atOffset(ZoneOffset.UTC))
                    .bind("failure", report.failure())
                    .execute();
            if (report.state().ended()) {
                ControlDocuments.delete(
                        handle,
                        report.organization(),
                        report.key(),
                        RecoveryControl.class,
                        RecoveryControl::ended);
            }
        }
    }
}
