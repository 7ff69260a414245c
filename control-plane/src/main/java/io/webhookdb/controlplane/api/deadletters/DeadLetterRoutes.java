package io.webhookdb.controlplane.api.deadletters;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.webhookdb.controlplane.api.deadletters.DeadLetterStore.Filter;
import io.webhookdb.controlplane.api.http.ApiException;
import io.webhookdb.controlplane.api.http.Json;
import io.webhookdb.controlplane.api.http.Listing;
import io.webhookdb.controlplane.api.http.Message;
import io.webhookdb.controlplane.api.http.Paths;
import io.webhookdb.controlplane.api.http.Request;
import io.webhookdb.controlplane.api.http.Router;
import io.webhookdb.controlplane.api.integrations.IntegrationDirectory;
import io.webhookdb.controlplane.api.organizations.Access;
import io.webhookdb.controlplane.api.organizations.Member;
import io.webhookdb.controlplane.api.organizations.Organization;
import io.webhookdb.controlplane.api.provisioned.Provisioned;
import io.webhookdb.schemas.deadletter.DeadLetter.Reason;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/**
 * {@code /v1/organizations/{org}/dead_letters}: members look, admins retry. What a letter's record
 * holds is read from Kafka for the one answer that shows it.
 */
public final class DeadLetterRoutes {
    private static final String ALL = Paths.ONE_ORGANIZATION + "/dead_letters";
    private static final String ONE = ALL + "/{" + Paths.ID + "}";
    private static final int USUAL = 50;
    private static final int MOST = 1_000;
    private static final Set<String> STATES = Set.of("dead", "retrying", "retried", "gone");

    private final Jdbi jdbi;
    private final Access access;
    private final IntegrationDirectory integrations;
    private final Provisioned provisioned;

    public DeadLetterRoutes(
            Jdbi jdbi, Access access, IntegrationDirectory integrations, Provisioned provisioned) {
        this.jdbi = jdbi;
        this.access = access;
        this.integrations = integrations;
        this.provisioned = provisioned;
    }

    /** Adds the routes. */
    public void addTo(Router router) {
        router.get(ALL, this::list)
                .get(ONE, this::show)
                .post(ALL + "/retry", this::retryAll)
                .post(ONE + "/retry", this::retry);
    }

    private Object list(Request request) {
        Organization organization = access.member(request).organization();
        Filter filter = filter(request, organization, USUAL);
        List<DeadLetterView> letters =
                jdbi.withHandle(handle -> DeadLetterStore.list(handle, organization.id(), filter));
        return Listing.of(
                letters,
                letters.isEmpty() ? "There are no such dead letters." : "",
                DeadLetterView.LIST_HEADERS);
    }

    private Object show(Request request) {
        Organization organization = access.member(request).organization();
        DeadLetterView letter = one(request, organization);
        UUID view =
                jdbi.withHandle(
                        handle -> DeadLetterStore.ask(handle, organization.id(), letter.id()));
        boolean answered =
                provisioned.await(
                        () -> jdbi.withHandle(handle -> DeadLetterStore.isAnswered(handle, view)));
        JsonNode stored =
                jdbi.withHandle(handle -> DeadLetterStore.shown(handle, view))
                        .map(DeadLetterRoutes::json)
                        .orElse(null);
        String note =
                stored != null
                        ? ""
                        : answered
                                ? "What was received is no longer kept."
                                : "What was received cannot be read at the moment.";
        return letter.shown(stored, note);
    }

    private Object retry(Request request) {
        Member admin = access.admin(request);
        DeadLetterView letter = one(request, admin.organization());
        List<Long> marked =
                jdbi.withHandle(
                        handle ->
                                DeadLetterStore.retry(
                                        handle,
                                        admin.organization().id(),
                                        admin.customer().id(),
                                        letter.id(),
                                        new Filter("", "", "", "", 1)));
        if (marked.isEmpty()) {
            throw ApiException.of(
                    409,
                    "invalid_input",
                    letter.state().equals("dead")
                            ? letter.id() + " was no request, so it cannot be processed again."
                            : letter.id() + " is " + letter.state() + ".");
        }
        provisioned.await(() -> !state(admin.organization(), letter.id()).equals("retrying"));
        String state = state(admin.organization(), letter.id());
        return new Message(
                switch (state) {
                    case "gone" -> "What was received is no longer kept; nothing was done.";
                    case "retrying" -> letter.id() + " is about to be processed again.";
                    default ->
                            letter.id()
                                    + " is processed again. If it dies again, it is listed again.";
                });
    }

    private Object retryAll(Request request) {
        Member admin = access.admin(request);
        Filter filter = filter(request, admin.organization(), MOST);
        List<Long> marked =
                jdbi.withHandle(
                        handle ->
                                DeadLetterStore.retry(
                                        handle,
                                        admin.organization().id(),
                                        admin.customer().id(),
                                        "",
                                        filter));
        return new Message(
                marked.isEmpty()
                        ? "There is nothing to process again."
                        : marked.size()
                                + " dead letters are processed again."
                                + (marked.size() == MOST ? " There may be more." : ""));
    }

    private String state(Organization organization, String id) {
        return jdbi.withHandle(handle -> DeadLetterStore.find(handle, organization.id(), id))
                .map(DeadLetterView::state)
                .orElse("gone");
    }

    private DeadLetterView one(Request request, Organization organization) {
        String id = request.text(Paths.ID);
        return jdbi.withHandle(handle -> DeadLetterStore.find(handle, organization.id(), id))
                .orElseThrow(
                        () ->
                                ApiException.permission(
                                        "There is no dead letter "
                                                + id
                                                + " in "
                                                + organization.name()
                                                + ". Run `webhookdb dead-letters list`."));
    }

    private Filter filter(Request request, Organization organization, int usual) {
        String identifier = request.text(Paths.INTEGRATION);
        String reason = request.text("reason").toUpperCase(Locale.ROOT);
        List<String> reasons = Arrays.stream(Reason.values()).map(Reason::name).toList();
        if (!reason.isEmpty() && !reasons.contains(reason)) {
            throw ApiException.validation("reason", "must be one of " + reasons);
        }
        String state = request.text("state");
        if (!state.isEmpty() && !STATES.contains(state)) {
            throw ApiException.validation(
                    "state", "must be one of " + STATES.stream().sorted().toList());
        }
        return new Filter(
                identifier.isEmpty() ? "" : integrations.one(organization, identifier).opaqueId(),
                reason,
                state,
                request.text("before"),
                request.number("limit", 1, MOST).orElse(usual));
    }

    private static JsonNode json(String text) {
        try {
            return Json.MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The view of a stored request is no JSON", e);
        }
    }
}
