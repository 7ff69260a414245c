package io.webhookdb.controlplane.api.integrations;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.webhookdb.controlplane.api.integrations.IntegrationStats.Minutes;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** What jobs report of an integration, by minute. */
final class IntegrationMinutes {
    private static final String WINDOW =
            " FROM integration_minutes WHERE integration = :integration AND minute > now() -"
                    + " interval '7 days'";

    /** As the contract counts: this status and beyond are rejections. */
    private static final int REJECTED = 400;

    private IntegrationMinutes() {}

    /** The last seven days. */
    static IntegrationStats lastSevenDays(Handle handle, String integration) {
        return received(handle, integration).withRepaired(repaired(handle, integration));
    }

    private static long repaired(Handle handle, String integration) {
        return handle.createQuery(
                        "SELECT coalesce(sum(repaired), 0)::bigint FROM backfill_repairs WHERE"
                                + " integration = :integration AND started_at > now() - interval"
                                + " '7 days'")
                .bind("integration", integration)
                .mapTo(Long.class)
                .one();
    }

    private static IntegrationStats received(Handle handle, String integration) {
        Minutes window = total(handle, integration);
        List<RequestView> last = lastRequests(handle, integration);
        if (last.isEmpty()) {
            return IntegrationStats.of(window, newest(handle, integration));
        }
        return IntegrationStats.of(
                window,
                last.size(),
                last.stream().filter(request -> request.status() >= REJECTED).count());
    }

    /**
     * One minute in which something happened.
     *
     * @param minute its start, ISO-8601
     * @param latency mean time from receipt to commit, milliseconds; 0 if no row was applied
     * @param latencyMax the longest of them
     */
    record MinuteView(
            String minute,
            long received,
            long rejected,
            long duplicate,
            long stale,
            long applied,
            long dead,
            long bytes,
            @JsonProperty("latency_millis") long latency,
            @JsonProperty("latency_max_millis") long latencyMax) {}

    /** Minutes of the last so many in which something happened, the newest first. */
    static List<MinuteView> ofLast(Handle handle, String integration, int minutes) {
        return handle.createQuery(
                        "SELECT * FROM integration_minutes WHERE integration = :integration AND"
                                + " minute > now() - make_interval(mins => :minutes) ORDER BY"
                                + " minute DESC")
                .bind("integration", integration)
                .bind("minutes", minutes)
                .map(
                        (row, context) ->
                                new MinuteView(
                                        row.getTimestamp("minute").toInstant().toString(),
                                        row.getLong("received"),
                                        row.getLong("rejected"),
                                        row.getLong("duplicate"),
                                        row.getLong("stale"),
                                        row.getLong("applied"),
                                        row.getLong("dead"),
                                        row.getLong("bytes"),
                                        row.getLong("latency_sum_millis")
                                                / Math.max(1, row.getLong("applied")),
                                        row.getLong("latency_max_millis")))
                .list();
    }

    /**
     * One of the last requests.
     *
     * @param at when it arrived, ISO-8601
     * @param status HTTP status of the answer
     * @param outcome accepted, or why it was rejected
     * @param millis until it was answered
     */
    record RequestView(String at, int status, String outcome, long millis) {}

    /** The last requests, the newest first. */
    static List<RequestView> lastRequests(Handle handle, String integration) {
        return handle.createQuery(
                        "SELECT * FROM integration_requests WHERE integration = :integration ORDER"
                                + " BY at DESC LIMIT :limit")
                .bind("integration", integration)
                .bind("limit", IntegrationStats.LAST)
                .map(
                        (row, context) ->
                                new RequestView(
                                        row.getTimestamp("at").toInstant().toString(),
                                        row.getInt("status"),
                                        row.getString("outcome"),
                                        row.getLong("millis")))
                .list();
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
