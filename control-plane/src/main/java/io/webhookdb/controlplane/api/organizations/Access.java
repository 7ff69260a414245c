package io.webhookdb.controlplane.api.organizations;

import io.webhookdb.controlplane.api.auth.Customer;
import io.webhookdb.controlplane.api.auth.Sessions;
import io.webhookdb.controlplane.api.http.ApiException;
import io.webhookdb.controlplane.api.http.Paths;
import io.webhookdb.controlplane.api.http.Request;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/**
 * Who may do what. An organization one is no member of looks exactly like one that does not exist.
 */
public final class Access {
    private final Jdbi jdbi;
    private final Sessions sessions;

    public Access(Jdbi jdbi, Sessions sessions) {
        this.jdbi = jdbi;
        this.sessions = sessions;
    }

    /** The customer of a request's session; 401 without one. */
    public Customer customer(Request request) {
        return sessions.customer(request).orElseThrow(ApiException::unauthenticated);
    }

    /** The customer as member of the request's organization; 403 if they are none. */
    public Member member(Request request) {
        Customer customer = customer(request);
        String identifier = request.text(Paths.ORGANIZATION);
        if (identifier.equals("-")) {
            identifier = request.text("org");
        }
        if (identifier.isEmpty()) {
            throw ApiException.of(400, "missing_org", "Which organization? Give it with --org.");
        }
        String wanted = identifier;
        Optional<Membership> membership =
                jdbi.withHandle(
                        handle ->
                                OrganizationStore.find(handle, wanted)
                                        .flatMap(
                                                found ->
                                                        OrganizationStore.verified(
                                                                handle,
                                                                customer.id(),
                                                                found.id())));
        Membership found =
                membership.orElseThrow(
                        () ->
                                ApiException.permission(
                                        "There is no organization "
                                                + wanted
                                                + " that you are a member of."));
        request.organizationIs(found.organization().id());
        return new Member(customer, found.organization(), found.role());
    }

    /** The customer as admin of the request's organization; 403 if they are none. */
    public Member admin(Request request) {
        Member member = member(request);
        if (member.role() != Role.ADMIN) {
            throw ApiException.permission(
                    "Only an admin of " + member.organization().name() + " may do that.");
        }
        return member;
    }

    /** Whether a request has a session of a member of this organization. */
    public boolean isMember(Request request, Organization organization) {
        return sessions.customer(request)
                .flatMap(
                        customer ->
                                jdbi.withHandle(
                                        handle ->
                                                OrganizationStore.verified(
                                                        handle, customer.id(), organization.id())))
                .isPresent();
    }

    /** The organization of that identifier, without asking who wants to know. */
    public Optional<Organization> organization(String identifier) {
        return jdbi.withHandle(handle -> OrganizationStore.find(handle, identifier));
    }
}
