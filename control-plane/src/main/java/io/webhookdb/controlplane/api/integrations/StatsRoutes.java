package io.webhookdb.controlplane.api.integrations;

import io.webhookdb.controlplane.api.http.Listing;
import io.webhookdb.controlplane.api.http.Paths;
import io.webhookdb.controlplane.api.http.Request;
import io.webhookdb.controlplane.api.http.Router;
import io.webhookdb.controlplane.api.integrations.IntegrationMinutes.MinuteView;
import io.webhookdb.controlplane.api.integrations.IntegrationMinutes.RequestView;
import io.webhookdb.controlplane.api.organizations.Access;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/** {@code .../service_integrations/{integration}/stats} and what it is made of. */
public final class StatsRoutes {
    private static final String STATS = Paths.ONE_INTEGRATION + "/stats";
    private static final int USUAL_MINUTES = 60;
    private static final int MOST_MINUTES = 24 * 60;

    private static final List<List<String>> MINUTE_HEADERS =
            List.of(
                    List.of("minute", "Minute"),
                    List.of("received", "Received"),
                    List.of("rejected", "Rejected"),
                    List.of("duplicate", "Duplicate"),
                    List.of("stale", "Stale"),
                    List.of("applied", "Applied"),
                    List.of("dead", "Dead"),
                    List.of("bytes", "Bytes"),
                    List.of("latency_millis", "Latency ms"),
                    List.of("latency_max_millis", "Slowest ms"));
    private static final List<List<String>> REQUEST_HEADERS =
            List.of(
                    List.of("at", "Time"),
                    List.of("status", "Status"),
                    List.of("outcome", "Outcome"),
                    List.of("millis", "ms"));

    private final Jdbi jdbi;
    private final Access access;
    private final IntegrationDirectory integrations;

    public StatsRoutes(Jdbi jdbi, Access access, IntegrationDirectory integrations) {
        this.jdbi = jdbi;
        this.access = access;
        this.integrations = integrations;
    }

    /** Adds the routes. */
    public void addTo(Router router) {
        router.get(STATS + "/minutes", this::minutes).get(STATS + "/requests", this::requests);
    }

    private Object minutes(Request request) {
        Integration integration = one(request);
        int minutes = request.number("minutes", 1, MOST_MINUTES).orElse(USUAL_MINUTES);
        List<MinuteView> views =
                jdbi.withHandle(
                        handle ->
                                IntegrationMinutes.ofLast(handle, integration.opaqueId(), minutes));
        return Listing.of(
                views,
                views.isEmpty() ? "Nothing came in within the last " + minutes + " minutes." : "",
                MINUTE_HEADERS);
    }

    private Object requests(Request request) {
        Integration integration = one(request);
        List<RequestView> views =
                jdbi.withHandle(
                        handle -> IntegrationMinutes.lastRequests(handle, integration.opaqueId()));
        return Listing.of(
                views,
                views.isEmpty() ? "Nothing came in within the last seven days." : "",
                REQUEST_HEADERS);
    }

    private Integration one(Request request) {
        return integrations.one(
                access.member(request).organization(), request.text(Paths.INTEGRATION));
    }
}
