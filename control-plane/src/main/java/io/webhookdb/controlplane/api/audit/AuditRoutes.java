package io.webhookdb.controlplane.api.audit;

import io.webhookdb.controlplane.api.http.ApiException;
import io.webhookdb.controlplane.api.http.Listing;
import io.webhookdb.controlplane.api.http.Paths;
import io.webhookdb.controlplane.api.http.Request;
import io.webhookdb.controlplane.api.http.Router;
import io.webhookdb.controlplane.api.organizations.Access;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/** {@code /v1/organizations/{org}/audit_log}, for admins. */
public final class AuditRoutes {
    private static final int USUAL = 100;
    private static final int MOST = 1000;
    private static final List<List<String>> HEADERS =
            List.of(
                    List.of("id", "Id"),
                    List.of("at", "At"),
                    List.of("actor", "Who"),
                    List.of("via", "By"),
                    List.of("action", "What"),
                    List.of("subject", "Of what"),
                    List.of("detail", "Statement"),
                    List.of("status", "Answer"),
                    List.of("address", "From"));

    private final Access access;
    private final AuditLog log;

    public AuditRoutes(Jdbi jdbi, Access access) {
        this.access = access;
        this.log = new AuditLog(jdbi);
    }

    /** Adds the route. */
    public void addTo(Router router) {
        router.get(Paths.ONE_ORGANIZATION + "/audit_log", this::list);
    }

    private Object list(Request request) {
        long organization = access.admin(request).organization().id();
        int limit = request.number("limit", 1, MOST).orElse(USUAL);
        List<AuditLog.View> entries = log.entries(organization, before(request), limit);
        String message =
                entries.size() < limit
                        ? ""
                        : "There may be older entries: `webhookdb audit list --before "
                                + entries.get(entries.size() - 1).id()
                                + "`.";
        return Listing.of(entries, message, HEADERS);
    }

    private static long before(Request request) {
        String text = request.text("before");
        if (text.isEmpty()) {
            return Long.MAX_VALUE;
        }
        if (text.matches("[0-9]{1,18}")) {
            return Long.parseLong(text);
        }
        throw ApiException.validation("before", "must be the id of an entry, a whole number");
    }
}
