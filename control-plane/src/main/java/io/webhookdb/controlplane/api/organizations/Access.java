package io.webhookdb.controlplane.api.organizations;

import io.webhookdb.controlplane.api.auth.ApiToken;
import io.webhookdb.controlplane.api.auth.ApiTokens;
import io.webhookdb.controlplane.api.auth.Customer;
import io.webhookdb.controlplane.api.auth.Sessions;
import io.webhookdb.controlplane.api.http.ApiException;
import io.webhookdb.controlplane.api.http.Caller;
import io.webhookdb.controlplane.api.http.Paths;
import io.webhookdb.controlplane.api.http.Request;
import java.util.Optional;
import java.util.OptionalLong;
import org.jdbi.v3.core.Jdbi;

/**
 * Who may do what. An organization one is no member of looks exactly like one that does not exist.
 */
public final class Access {
    private final Jdbi jdbi;
    private final Sessions sessions;
    private final ApiTokens tokens;

    public Access(Jdbi jdbi, Sessions sessions) {
        this.jdbi = jdbi;
        this.sessions = sessions;
        this.tokens = new ApiTokens(jdbi);
    }

    /**
     * The customer of a request's session; 401 without one. A token is good for one organization,
     * so it is not enough: 403.
     */
    public Customer customer(Request request) {
        return person(request, tokens.of(request));
    }

    /**
     * The customer as member of the request's organization; 403 if they are none. With an API token
     * its creator, as far as the token's scope goes.
     */
    public Member member(Request request) {
        Optional<ApiToken> token = tokens.of(request);
        Customer customer = person(request, token);
        String identifier = request.text(Paths.ORGANIZATION);
        if (identifier.equals("-")) {
            identifier = request.text("org");
        }
        if (identifier.isEmpty() && token.isPresent()) {
            identifier = Long.toString(token.get().organization());
        }
        if (identifier.isEmpty()) {
            throw ApiException.of(400, "missing_org", "Which organization? Give it with --org.");
        }
        String wanted = identifier;
        Optional<Membership> membership =
                jdbi.withHandle(
                        handle ->
                                OrganizationStore.find(handle, wanted)
                                        .filter(found -> reaches(token, found))
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
        Optional<ApiToken> token = tokens.of(request);
        Optional<Customer> customer =
                token.map(ApiToken::creator).or(() -> sessions.customer(request));
        customer.ifPresent(known -> request.callerIs(caller(known, token)));
        return customer.filter(known -> reaches(token, organization))
                .flatMap(
                        known ->
                                jdbi.withHandle(
                                        handle ->
                                                OrganizationStore.verified(
                                                        handle, known.id(), organization.id())))
                .isPresent();
    }

    /** The organization of that identifier, without asking who wants to know. */
    public Optional<Organization> organization(String identifier) {
        return jdbi.withHandle(handle -> OrganizationStore.find(handle, identifier));
    }

    private Customer person(Request request, Optional<ApiToken> token) {
        Customer customer =
                token.map(ApiToken::creator)
                        .or(() -> sessions.customer(request))
                        .orElseThrow(ApiException::unauthenticated);
        request.callerIs(caller(customer, token));
        return customer;
    }

    private static Caller caller(Customer customer, Optional<ApiToken> token) {
        return new Caller(
                OptionalLong.of(customer.id()),
                customer.email(),
                token.map(used -> "token " + used.opaqueId()).orElse("session"));
    }

    private static boolean reaches(Optional<ApiToken> token, Organization organization) {
        return token.isEmpty() || token.get().organization() == organization.id();
    }
}
