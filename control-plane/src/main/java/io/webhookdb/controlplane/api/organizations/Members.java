package io.webhookdb.controlplane.api.organizations;

import io.webhookdb.controlplane.api.auth.Customer;
import io.webhookdb.controlplane.api.auth.CustomerStore;
import io.webhookdb.controlplane.api.auth.Tokens;
import io.webhookdb.controlplane.api.http.ApiException;
import io.webhookdb.controlplane.mail.Mail;
import io.webhookdb.controlplane.mail.MailException;
import io.webhookdb.controlplane.mail.Mailer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Who belongs to an organization, and as what. An organization always has an admin. */
final class Members {
    private final Jdbi jdbi;
    private final Mailer mailer;

    Members(Jdbi jdbi, Mailer mailer) {
        this.jdbi = jdbi;
        this.mailer = mailer;
    }

    /** Whether the invited were told by mail. */
    enum Told {
        MAILED,
        NOT_MAILED
    }

    /** An invitation. */
    record Invited(Membership membership, Told told) {}

    List<Membership> all(Organization organization) {
        return jdbi.withHandle(
                handle -> OrganizationStore.ofOrganization(handle, organization.id()));
    }

    /**
     * Invites somebody, who need not have an account. Inviting again replaces the code and the
     * role.
     *
     * @throws ApiException 400 if they are a member
     */
    Invited invite(Member admin, String email, Role role) {
        Organization organization = admin.organization();
        String code = "join-" + Tokens.eightHex();
        Membership invited =
                jdbi.inTransaction(
                        handle -> {
                            MembershipStore.lock(handle, organization.id());
                            if (MembershipStore.find(handle, organization.id(), email)
                                    .filter(Membership::verified)
                                    .isPresent()) {
                                throw ApiException.validation(
                                        "email",
                                        "is a member",
                                        email + " is a member of " + organization.name() + ".");
                            }
                            Customer customer = CustomerStore.ensure(handle, email);
                            MembershipStore.invite(
                                    handle, organization.id(), customer.id(), role, code);
                            return MembershipStore.find(handle, organization.id(), email)
                                    .orElseThrow();
                        });
        return new Invited(
                invited,
                mailed(
                        new Mail.Invitation(
                                email, organization.name(), admin.customer().email(), code)));
    }

    /**
     * Accepts an invitation. Only the person who was invited can: a code is short, and does not
     * end.
     *
     * @throws ApiException 400 if it is none of theirs
     */
    Membership join(Customer customer, String code) {
        return jdbi.inTransaction(
                handle ->
                        MembershipStore.accept(handle, customer.id(), code.toLowerCase(Locale.ROOT))
                                .flatMap(
                                        id -> OrganizationStore.verified(handle, customer.id(), id))
                                .orElseThrow(
                                        () ->
                                                ApiException.validation(
                                                        "invitation_code",
                                                        "is not valid",
                                                        "That invitation code is not valid for "
                                                                + customer.email()
                                                                + ". Ask for a new invitation.")));
    }

    /**
     * Removes a member, or takes back an invitation.
     *
     * @throws ApiException 400 if they are neither, 409 if no admin would be left
     */
    Membership remove(Organization organization, String email) {
        return jdbi.inTransaction(
                handle -> {
                    MembershipStore.lock(handle, organization.id());
                    Membership removed =
                            MembershipStore.find(handle, organization.id(), email)
                                    .orElseThrow(() -> noMember("email", organization, email));
                    MembershipStore.remove(handle, organization.id(), email);
                    ensureAdmin(handle, organization);
                    return removed;
                });
    }

    /**
     * Gives members another role; those who are none are left out.
     *
     * @throws ApiException 400 if none is a member, 409 if no admin would be left
     */
    List<Membership> changeRoles(Organization organization, List<String> emails, Role role) {
        return jdbi.inTransaction(
                handle -> {
                    MembershipStore.lock(handle, organization.id());
                    emails.forEach(
                            email ->
                                    MembershipStore.setRole(
                                            handle, organization.id(), email, role));
                    ensureAdmin(handle, organization);
                    List<Membership> changed =
                            emails.stream()
                                    .map(
                                            email ->
                                                    MembershipStore.find(
                                                            handle, organization.id(), email))
                                    .flatMap(Optional::stream)
                                    .toList();
                    if (changed.isEmpty()) {
                        throw noMember("emails", organization, String.join(", ", emails));
                    }
                    return changed;
                });
    }

    private static void ensureAdmin(Handle handle, Organization organization) {
        if (MembershipStore.admins(handle, organization.id()) == 0) {
            throw ApiException.of(
                    409,
                    "remove_last_admin",
                    organization.name()
                            + " would have no admin left. Make somebody else an admin first:"
                            + " `webhookdb org changerole --usernames EMAIL --role admin`.");
        }
    }

    private static ApiException noMember(String field, Organization organization, String who) {
        return ApiException.validation(
                field, "is no member", who + ": no member of " + organization.name() + ".");
    }

    private Told mailed(Mail.Invitation invitation) {
        try {
            mailer.send(invitation);
            return Told.MAILED;
        } catch (MailException e) {
            // Noted by the mailer. The invitation stands: the answer has the code to pass on.
            return Told.NOT_MAILED;
        }
    }
}
