package io.webhookdb.controlplane.api.organizations;

import java.util.Optional;

/**
 * A person in an organization, or invited to it.
 *
 * @param email the person
 * @param organization the organization
 * @param role role, also of an invitation
 * @param invitationCode present while not accepted
 */
record Membership(
        String email, Organization organization, Role role, Optional<String> invitationCode) {

    /** Accepted or never an invitation. */
    boolean verified() {
        return invitationCode.isEmpty();
    }

    /** {@code Name (key)}. */
    String formatted() {
        return organization.name() + " (" + organization.key() + ")";
    }

    View view() {
        return new View(
                email,
                organization.view(),
                organization.name(),
                organization.key(),
                verified() ? role.word() : "invited");
    }

    Told told(String message) {
        View view = view();
        return new Told(
                email,
                view.organization(),
                view.organizationName(),
                view.organizationKey(),
                view.status(),
                message);
    }

    /** The contract's form, with a text for the terminal. */
    record Told(
            String email,
            Organization.View organization,
            String organizationName,
            String organizationKey,
            String status,
            String message) {}

    /** The contract's form. */
    record View(
            String email,
            Organization.View organization,
            String organizationName,
            String organizationKey,
            String status) {}
}
