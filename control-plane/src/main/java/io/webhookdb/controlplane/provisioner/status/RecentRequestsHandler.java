package io.webhookdb.controlplane.provisioner.status;

import io.webhookdb.schemas.status.RecentRequests;
import io.webhookdb.schemas.status.StatusReport;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** Keeps the last requests of each integration, and forgets those before them. */
final class RecentRequestsHandler implements StatusHandler {
    @Override
    public boolean takes(StatusReport report) {
        return report instanceof RecentRequests;
    }

    @Override
    public void apply(List<StatusReport> reports, Handle handle) {
        PreparedBatch stored =
                handle.prepareBatch(
                        "INSERT INTO integration_requests (integration, reporter, at, status,"
                                + " outcome, millis) VALUES (:integration, :reporter, :at, :status,"
                                + " :outcome, :millis) ON CONFLICT DO NOTHING");
        TreeSet<String> integrations = new TreeSet<>();
        for (StatusReport any : reports) {
            RecentRequests report = (RecentRequests) any;
            for (RecentRequests.Request request : report.requests()) {
                integrations.add(report.integration());
                stored.bind("integration", report.integration())
                        .bind("reporter", report.reporter())
                        .bind(
                                "at",
                                Instant.EPOCH
                                        .plus(request.atMicros(), ChronoUnit.MICROS)
                                        .atOffset(ZoneOffset.UTC))
                        .bind("status", request.status())
                        .bind("outcome", request.outcome())
                        .bind("millis", request.millis())
                        .add();
            }
        }
        if (integrations.isEmpty()) {
            return;
        }
        stored.execute();
        PreparedBatch forgotten =
                handle.prepareBatch(
                        "DELETE FROM integration_requests WHERE integration = :integration AND at <"
                                + " (SELECT at FROM integration_requests WHERE integration ="
                                + " :integration ORDER BY at DESC OFFSET :last LIMIT 1)");
        integrations.forEach(
                integration ->
                        forgotten
                                .bind("integration", integration)
                                .bind("last", RecentRequests.MOST - 1)
                                .add());
        forgotten.execute();
    }
}
