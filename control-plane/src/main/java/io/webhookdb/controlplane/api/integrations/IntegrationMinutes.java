package io.webhookdb.controlplane.api.integrations;

import io.webhookdb.controlplane.api.integrations.IntegrationStats.Minutes;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** What jobs report of an integration, by minute. */
final class IntegrationMinutes {
    private static final String WINDOW =
            " FROM integration_minutes WHERE integration = :integration AND minute > now() -"
                    + " interval '7 days'";

    private IntegrationMinutes() {}

    /** The last seven days. */
    static IntegrationStats lastSevenDays(Handle handle, String integration) {
        return IntegrationStats.of(total(handle, integration), newest(handle, integration));
    }

    private static Minutes total(Handle handle, String integration) {
        return handle.createQuery(
                        "SELECT coalesce(sum(received), 0)::bigint, coalesce(sum(rejected),"
                                + " 0)::bigint"
                                + WINDOW)
                .bind("integration", integration)
                .map((row, context) -> new Minutes(row.getLong(1), row.getLong(2)))
                .one();
    }

    /** As many as can hold the last requests: each holds one or more. */
    private static List<Minutes> newest(Handle handle, String integration) {
        return handle.createQuery(
                        "SELECT received, rejected"
                                + WINDOW
                                + " AND received + rejected > 0 ORDER BY minute DESC LIMIT :limit")
                .bind("integration", integration)
                .bind("limit", IntegrationStats.LAST)
                .map((row, context) -> new Minutes(row.getLong(1), row.getLong(2)))
                .list();
    }
}
