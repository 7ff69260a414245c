package io.webhookdb.controlplane.api.db;

import io.webhookdb.controlplane.api.db.SavedViewStore.SavedView;
import io.webhookdb.controlplane.api.http.ApiException;
import io.webhookdb.controlplane.api.http.Listing;
import io.webhookdb.controlplane.api.http.Paths;
import io.webhookdb.controlplane.api.http.PromptException;
import io.webhookdb.controlplane.api.http.Question;
import io.webhookdb.controlplane.api.http.Request;
import io.webhookdb.controlplane.api.http.Router;
import io.webhookdb.controlplane.api.organizations.Access;
import io.webhookdb.controlplane.api.organizations.Member;
import io.webhookdb.controlplane.api.organizations.Organization;
import io.webhookdb.controlplane.api.provisioned.Provisioned;
import java.util.List;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Jdbi;

/**
 * Saved views. The query is first run by the reader; the view then checks the rights of who reads
 * it, so it opens nothing.
 */
public final class SavedViewRoutes {
    private static final Question NAME = Question.pasteOrType("a name for the view");
    private static final Question SQL = Question.pasteOrType("the SELECT of the view");
    private static final String NAMES =
            "Names start with a letter or underscore and have at most 63 letters, digits,"
                    + " underscores and blanks.";

    private final Access access;
    private final ReaderUrls urls;
    private final Provisioned provisioned;
    private final SavedViewStore store;
    private final ReaderQueries queries = new ReaderQueries();

    public SavedViewRoutes(Jdbi jdbi, Access access, ReaderUrls urls, Provisioned provisioned) {
        this.access = access;
        this.urls = urls;
        this.provisioned = provisioned;
        this.store = new SavedViewStore(jdbi);
    }

    /** Adds the routes. */
    public void addTo(Router router) {
        router.get(Paths.SAVED_VIEWS, this::list)
                .post(Paths.SAVED_VIEWS + "/create_or_replace", this::put)
                .post(Paths.SAVED_VIEWS + "/delete", this::delete);
    }

    private Object list(Request request) {
        List<SavedView> views = store.all(access.member(request).organization().id());
        String failures =
                views.stream()
                        .filter(view -> !view.failure().isEmpty())
                        .map(view -> "The view " + view.name() + " is broken: " + view.failure())
                        .collect(Collectors.joining("\n"));
        return Listing.of(
                views.stream().map(view -> new View(view.name(), "")).toList(),
                views.isEmpty() ? "There are no saved views yet." : failures,
                List.of(List.of("name", "Name")));
    }

    private Object put(Request request) {
        Member admin = access.admin(request);
        Organization organization = admin.organization();
        String name = request.required("name", NAME);
        if (!name.matches("[A-Za-z_][A-Za-z0-9_ ]{0,62}")) {
            throw new PromptException("name", NAME, "This is no name for a view. " + NAMES);
        }
        if (store.isTable(organization.id(), name)) {
            throw new PromptException("name", NAME, "There is a table " + name + " already.");
        }
        String sql = select(request.required("sql", SQL));
        try {
            queries.check(urls.toDial(organization), sql);
        } catch (ApiException e) {
            if (e.status() != 403) {
                throw e;
            }
            throw again(e.getMessage());
        }
        long id = store.put(organization.id(), name, sql, admin.customer().id());
        String note = provisioned.awaitView(id).note();
        String failure = store.failure(id);
        if (!failure.isEmpty()) {
            throw again(failure);
        }
        return new View(name, "The view " + name + " is saved. It can be queried now." + note);
    }

    private Object delete(Request request) {
        Organization organization = access.admin(request).organization();
        String name = request.required("name", NAME);
        SavedView view =
                store.find(organization.id(), name)
                        .orElseThrow(
                                () ->
                                        ApiException.permission(
                                                "There is no saved view "
                                                        + name
                                                        + " in "
                                                        + organization.name()
                                                        + ". Run `webhookdb saved-view list`."));
        store.delete(view.id());
        String note = provisioned.awaitView(view.id()).note();
        String failure = store.failure(view.id());
        if (!failure.isEmpty()) {
            throw ApiException.of(
                    409, "invalid_input", "The view " + name + " cannot be deleted: " + failure);
        }
        return new View(name, "The view " + name + " is deleted." + note);
    }

    /** People end statements with a semicolon; a view's query has none. */
    private static String select(String sql) {
        return sql.replaceAll("[;\\s]+$", "");
    }

    private static PromptException again(String problem) {
        return new PromptException("sql", SQL, "No view can be made of this: " + problem);
    }

    /** The contract's form. */
    record View(String name, String message) {}
}
