package io.webhookdb.controlplane.api.db;

import io.webhookdb.controlplane.api.http.ApiException;
import io.webhookdb.controlplane.api.http.Blocks;
import io.webhookdb.controlplane.api.http.Listing;
import io.webhookdb.controlplane.api.http.Paths;
import io.webhookdb.controlplane.api.http.PromptException;
import io.webhookdb.controlplane.api.http.Question;
import io.webhookdb.controlplane.api.http.Request;
import io.webhookdb.controlplane.api.http.Router;
import io.webhookdb.controlplane.api.organizations.Access;
import io.webhookdb.controlplane.api.organizations.Member;
import io.webhookdb.controlplane.api.organizations.Organization;
import io.webhookdb.controlplane.api.organizations.Role;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Jdbi;

/** Saved queries. Whoever runs one runs it as the organization's reader, and reads only. */
public final class SavedQueryRoutes {
    private static final List<List<String>> HEADERS =
            List.of(
                    List.of("id", "Id"),
                    List.of("description", "Description"),
                    List.of("public", "Public"),
                    List.of("run_url", "Run URL"));
    private static final Question DESCRIPTION =
            Question.pasteOrType("what the query is for, in a few words");
    private static final Question SQL = Question.pasteOrType("an SQL query");
    private static final Set<String> TRUE = Set.of("true", "t", "yes", "y", "on", "1");
    private static final Set<String> FALSE = Set.of("false", "f", "no", "n", "off", "0");
    private static final List<String> UPDATABLE = List.of("description", "sql", "public");

    /** Any page may show a query's rows; its author decides by making it public. */
    private static final String ANYWHERE = "/v1/saved_queries/{" + Paths.ID + "}/run";

    private final Access access;
    private final ReaderUrls urls;
    private final ReaderAccess readers;
    private final URI apiUrl;
    private final SavedQueryStore store;
    private final ReaderQueries queries = new ReaderQueries();

    public SavedQueryRoutes(Jdbi jdbi, Access access, ReaderUrls urls, URI apiUrl) {
        this.access = access;
        this.urls = urls;
        this.readers = new ReaderAccess(access, urls);
        this.apiUrl = apiUrl;
        this.store = new SavedQueryStore(jdbi);
    }

    /** Adds the routes. */
    public void addTo(Router router) {
        String one = Paths.SAVED_QUERIES + "/{" + Paths.ID + "}";
        router.get(Paths.SAVED_QUERIES, this::list)
                .post(Paths.SAVED_QUERIES + "/create", this::create)
                .get(one, request -> view(one(request), ""))
                .get(one + "/run", this::run)
                .post(one + "/update", this::update)
                .post(one + "/info", this::info)
                .post(one + "/delete", this::delete)
                .get(ANYWHERE, this::runAnywhere)
                .anyOrigin(ANYWHERE, "GET", ReaderAccess.REQUEST_HEADERS);
    }

    private Object list(Request request) {
        Organization organization = access.member(request).organization();
        List<SavedQuery.View> views =
                store.all(organization.id()).stream().map(query -> view(query, "")).toList();
        String message =
                views.isEmpty()
                        ? organization.name()
                                + " has no saved queries yet. Run `webhookdb saved-query create`."
                        : "";
        return Listing.of(views, message, HEADERS);
    }

    private Object create(Request request) {
        Member member = access.member(request);
        String description = request.required("description", DESCRIPTION);
        String sql = request.required("sql", SQL);
        boolean isPublic = request.text("public").equals("true");
        check(member.organization(), sql, "sql");
        SavedQuery query =
                store.create(
                        member.organization().id(),
                        description,
                        sql,
                        isPublic,
                        member.customer().id());
        return view(
                query,
                "The query is saved. Its id is "
                        + query.opaqueId()
                        + ". Run it with `webhookdb saved-query run "
                        + query.opaqueId()
                        + "`.");
    }

    private Object run(Request request) {
        Organization organization = access.member(request).organization();
        SavedQuery query = one(request);
        try {
            return run(organization, query);
        } catch (ApiException e) {
            throw e.status() == 403 ? ApiException.of(400, e.code(), e.getMessage()) : e;
        }
    }

    /** Says nothing to strangers: neither which queries exist nor what the database said. */
    private Object runAnywhere(Request request) {
        Optional<SavedQuery> query = store.find(request.text(Paths.ID));
        Optional<Organization> organization =
                query.flatMap(found -> access.organization(Long.toString(found.organization())));
        if (organization.isEmpty()
                || !query.get().isPublic() && !readers.allows(request, organization.get())) {
            throw ApiException.permission("This saved query cannot be run.");
        }
        try {
            return run(organization.get(), query.get());
        } catch (ApiException e) {
            throw e.status() == 403 ? ApiException.of(400, e.code(), "The saved query failed.") : e;
        }
    }

    private Object update(Request request) {
        Member member = access.member(request);
        SavedQuery query = changeable(member, one(request));
        String field =
                request.required("field", Question.pasteOrType("the field to change"))
                        .toLowerCase(Locale.ROOT);
        if (!UPDATABLE.contains(field)) {
            throw ApiException.validation("field", "must be one of " + UPDATABLE);
        }
        String value = request.required("value", Question.pasteOrType("the new value"));
        if (field.equals("sql")) {
            check(member.organization(), value, "value");
        }
        SavedQuery changed =
                new SavedQuery(
                        query.id(),
                        query.opaqueId(),
                        query.organization(),
                        field.equals("description") ? value : query.description(),
                        field.equals("sql") ? value : query.sql(),
                        field.equals("public") ? truth(value) : query.isPublic(),
                        query.createdBy());
        return store.update(changed)
                .map(updated -> view(updated, "The field " + field + " of the query is changed."))
                .orElseThrow(() -> unknown(request, member.organization()));
    }

    private Object info(Request request) {
        Map<String, String> fields = one(request).fields(apiUrl);
        String field = request.text("field");
        if (field.isEmpty()) {
            List<List<String>> rows =
                    fields.entrySet().stream()
                            .map(entry -> Blocks.row(entry.getKey(), entry.getValue()))
                            .toList();
            return new Blocks().table(List.of("Field", "Value"), rows).body();
        }
        if (!fields.containsKey(field)) {
            throw ApiException.validation("field", "must be one of " + fields.keySet());
        }
        return new Blocks().line(fields.get(field)).body();
    }

    private Object delete(Request request) {
        SavedQuery query = changeable(access.member(request), one(request));
        store.delete(query);
        return view(query, "The saved query \"" + query.description() + "\" is deleted.");
    }

    private QueryResult run(Organization organization, SavedQuery query) {
        return queries.run(urls.toDial(organization), query.sql(), organization.maxQueryRows());
    }

    /** Runs it; if it fails, the person is asked for a better one. */
    private void check(Organization organization, String sql, String parameter) {
        try {
            queries.run(urls.toDial(organization), sql, 1);
        } catch (ApiException e) {
            if (e.status() != 403) {
                throw e;
            }
            throw new PromptException(
                    parameter, SQL, "This query cannot be run: " + e.getMessage());
        }
    }

    private static boolean truth(String value) {
        String word = value.toLowerCase(Locale.ROOT);
        if (!TRUE.contains(word) && !FALSE.contains(word)) {
            throw new PromptException(
                    "value",
                    Question.pasteOrType("true or false"),
                    "\"" + value + "\" is neither true nor false.");
        }
        return TRUE.contains(word);
    }

    private SavedQuery one(Request request) {
        Organization organization = access.member(request).organization();
        return store.find(request.text(Paths.ID))
                .filter(query -> query.organization() == organization.id())
                .orElseThrow(() -> unknown(request, organization));
    }

    private static ApiException unknown(Request request, Organization organization) {
        return ApiException.permission(
                "There is no saved query "
                        + request.text(Paths.ID)
                        + " in "
                        + organization.name()
                        + ". Run `webhookdb saved-query list`.");
    }

    private static SavedQuery changeable(Member member, SavedQuery query) {
        if (member.role() != Role.ADMIN && member.customer().id() != query.createdBy()) {
            throw ApiException.permission(
                    "Only who saved the query, or an admin of "
                            + member.organization().name()
                            + ", may do that.");
        }
        return query;
    }

    private SavedQuery.View view(SavedQuery query, String message) {
        return query.view(apiUrl, message);
    }
}
