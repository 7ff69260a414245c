package io.webhookdb.controlplane.api.organizations;

import io.webhookdb.controlplane.api.auth.Customer;
import io.webhookdb.controlplane.api.auth.EmailAddress;
import io.webhookdb.controlplane.api.http.Listing;
import io.webhookdb.controlplane.api.http.Message;
import io.webhookdb.controlplane.api.http.Paths;
import io.webhookdb.controlplane.api.http.PromptException;
import io.webhookdb.controlplane.api.http.Question;
import io.webhookdb.controlplane.api.http.Request;
import io.webhookdb.controlplane.api.http.Router;
import io.webhookdb.controlplane.mail.Mailer;
import java.util.List;
import java.util.Locale;
import org.jdbi.v3.core.Jdbi;

/** The members of {@code /v1/organizations/{org}}. All but seeing and joining is for admins. */
public final class MemberRoutes {
    private static final List<List<String>> HEADERS =
            List.of(
                    List.of("email", "Email"),
                    List.of("organization_name", "Organization Name"),
                    List.of("organization_key", "Organization Key"),
                    List.of("status", "Role"));

    private static final String GUARD = "guard_confirm";
    private static final String ROLE = "role_name";

    private final Access access;
    private final Members members;

    public MemberRoutes(Jdbi jdbi, Access access, Mailer mailer) {
        this.access = access;
        this.members = new Members(jdbi, mailer);
    }

    /** Adds the routes. */
    public void addTo(Router router) {
        router.post("/v1/organizations/join", this::join)
                .get(Paths.ONE_ORGANIZATION + "/members", this::list)
                .post(Paths.ONE_ORGANIZATION + "/invite", this::invite)
                .post(Paths.ONE_ORGANIZATION + "/remove_member", this::remove)
                .post(Paths.ONE_ORGANIZATION + "/change_roles", this::changeRoles);
    }

    private Object list(Request request) {
        return listing(members.all(access.member(request).organization()), "");
    }

    private Object invite(Request request) {
        Member admin = access.admin(request);
        String email =
                EmailAddress.normalized(
                        request.required(
                                "email",
                                Question.pasteOrType("the e-mail address of whom to invite")));
        String word = request.text(ROLE);
        Role role = word.isEmpty() ? Role.MEMBER : Role.typed(word);
        Members.Invited invited = members.invite(admin, email, role);
        String code = invited.membership().invitationCode().orElseThrow();
        String told =
                invited.told() == Members.Told.MAILED
                        ? email + " is invited and has been told."
                        : email + " is invited, but could not be mailed. Tell them yourself.";
        return invited.membership()
                .told(told + " They join with `webhookdb org join " + code + "`.");
    }

    private Object join(Request request) {
        Customer customer = access.customer(request);
        String code =
                request.required(
                        "invitation_code", Question.pasteOrType("your invitation code (join-...)"));
        Membership joined = members.join(customer, code);
        request.organizationIs(joined.organization().id());
        return joined.told("You are now a member of " + joined.organization().name() + ".");
    }

    private Object remove(Request request) {
        Member admin = access.admin(request);
        Organization organization = admin.organization();
        String email =
                request.required(
                                "email",
                                Question.pasteOrType("the e-mail address of whom to remove"))
                        .toLowerCase(Locale.ROOT);
        guard(
                request,
                List.of(email),
                admin,
                "You are about to remove yourself from " + organization.name() + ".");
        Membership removed = members.remove(organization, email);
        return new Message(
                removed.verified()
                        ? email
                                + " is no longer a member of "
                                + organization.name()
                                + ". They may still know its connection string; `webhookdb db"
                                + " roll-credentials` replaces it."
                        : "The invitation of " + email + " is taken back.");
    }

    private Object changeRoles(Request request) {
        Member admin = access.admin(request);
        List<String> emails =
                request
                        .requiredTexts(
                                "emails",
                                Question.pasteOrType("e-mail addresses, separated by commas"))
                        .stream()
                        .map(email -> email.toLowerCase(Locale.ROOT))
                        .distinct()
                        .toList();
        Role role =
                Role.typed(
                        request.required(ROLE, Question.pasteOrType("a role (admin or member)")));
        guard(
                request,
                emails,
                admin,
                "You are about to change your own role in " + admin.organization().name() + ".");
        List<Membership> changed = members.changeRoles(admin.organization(), emails, role);
        return listing(changed, sentence(changed, emails, role));
    }

    private static String sentence(List<Membership> changed, List<String> emails, Role role) {
        List<String> known = changed.stream().map(Membership::email).toList();
        List<String> unknown = emails.stream().filter(email -> !known.contains(email)).toList();
        return "Role "
                + role.word()
                + " is given to "
                + String.join(", ", known)
                + "."
                + (unknown.isEmpty() ? "" : " No members: " + String.join(", ", unknown) + ".");
    }

    /** Asks once more before somebody acts on themselves. */
    private static void guard(Request request, List<String> emails, Member admin, String output) {
        if (emails.contains(admin.customer().email()) && !request.present(GUARD)) {
            throw new PromptException(
                    GUARD, new Question.Shown("Press Enter to go on, or Ctrl+C to stop:"), output);
        }
    }

    private static Listing<Membership.View> listing(List<Membership> memberships, String message) {
        return Listing.of(memberships.stream().map(Membership::view).toList(), message, HEADERS);
    }
}
