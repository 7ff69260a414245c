package io.webhookdb.controlplane.api.db;

import io.webhookdb.controlplane.api.http.ApiException;
import io.webhookdb.controlplane.api.http.Paths;
import io.webhookdb.controlplane.api.http.Question;
import io.webhookdb.controlplane.api.http.Request;
import io.webhookdb.controlplane.api.http.Router;
import io.webhookdb.controlplane.api.organizations.Access;
import io.webhookdb.controlplane.api.organizations.Organization;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** {@code /v1/db}. */
public final class DatabaseRoutes {
    private static final String RUN_SQL = "/v1/db/run_sql";

    private final Access access;
    private final ReaderUrls urls;
    private final ReaderAccess readers;
    private final ReaderQueries queries = new ReaderQueries();

    public DatabaseRoutes(Access access, ReaderUrls urls) {
        this.access = access;
        this.urls = urls;
        this.readers = new ReaderAccess(access, urls);
    }

    /** Adds the routes. */
    public void addTo(Router router) {
        router.get(RUN_SQL, this::runSql)
                .post(RUN_SQL, this::runSql)
                .anyOrigin(RUN_SQL, "GET, POST", ReaderAccess.REQUEST_HEADERS)
                .get(Paths.DATABASE + "/connection", this::connection)
                .get(Paths.DATABASE + "/tables", this::tables)
                .post(Paths.DATABASE + "/sql", this::sql);
    }

    private Object connection(Request request) {
        return Map.of("connection_url", urls.of(access.member(request).organization()).url());
    }

    private Object tables(Request request) {
        Organization organization = access.member(request).organization();
        List<String> tables = queries.tables(urls.toDial(organization), urls.schema(organization));
        String message =
                tables.isEmpty()
                        ? "There are no tables yet. Run `webhookdb integrations create`."
                        : "";
        return new Tables(tables, message);
    }

    private Object sql(Request request) {
        Organization organization = readers.organization(request);
        String query = request.required("query", Question.pasteOrType("an SQL query"));
        return run(organization, query);
    }

    private Object runSql(Request request) {
        Organization organization = readers.organization(request);
        String plain = request.text("query");
        String encoded = request.text("query_base64");
        if (plain.isEmpty() == encoded.isEmpty()) {
            throw ApiException.of(
                    400, "validation_error", "Give exactly one of query and query_base64.");
        }
        return run(organization, plain.isEmpty() ? decoded(encoded) : plain);
    }

    private Object run(Organization organization, String query) {
        return queries.run(urls.toDial(organization), query, organization.maxQueryRows());
    }

    private static String decoded(String encoded) {
        try {
            return new String(
                    Base64.getUrlDecoder().decode(encoded.replaceAll("=+$", "")),
                    StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw ApiException.validation("query_base64", "is no URL-safe base64");
        }
    }

    /** The tables of a schema. */
    record Tables(List<String> tables, String message) {}
}
