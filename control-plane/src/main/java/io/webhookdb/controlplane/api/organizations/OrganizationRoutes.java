package io.webhookdb.controlplane.api.organizations;

import io.webhookdb.controlplane.api.auth.Customer;
import io.webhookdb.controlplane.api.http.Blocks;
import io.webhookdb.controlplane.api.http.Paths;
import io.webhookdb.controlplane.api.http.Question;
import io.webhookdb.controlplane.api.http.Request;
import io.webhookdb.controlplane.api.http.Router;
import io.webhookdb.controlplane.api.provisioned.Provisioned;
import java.util.List;

/** {@code /v1/me} and {@code /v1/organizations}. */
public final class OrganizationRoutes {
    private final Access access;
    private final Organizations organizations;
    private final Provisioned provisioned;

    public OrganizationRoutes(Access access, Organizations organizations, Provisioned provisioned) {
        this.access = access;
        this.organizations = organizations;
        this.provisioned = provisioned;
    }

    /** Adds the routes. */
    public void addTo(Router router) {
        router.get("/v1/me", this::me)
                .get("/v1/me/organization_memberships", this::memberships)
                .post("/v1/organizations/create", this::create)
                .get(Paths.ONE_ORGANIZATION, this::one);
    }

    private Object me(Request request) {
        return organizations.current(access.customer(request));
    }

    private Object memberships(Request request) {
        List<Membership> all = organizations.memberships(access.customer(request));
        return MembershipBlocks.of(all, request.text("active_org_identifier"));
    }

    private Object create(Request request) {
        Customer customer = access.customer(request);
        String name = request.required("name", Question.pasteOrType("a name for the organization"));
        Organization created = organizations.create(customer, name);
        request.organizationIs(created.id());
        String message =
                "Your organization is called "
                        + created.name()
                        + ", its key is "
                        + created.key()
                        + ".";
        return created.told(message + provisioned.awaitOrganization(created.id()).note());
    }

    private Object one(Request request) {
        return access.member(request).organization().view();
    }

    /** The blocks of {@code org list}. */
    static final class MembershipBlocks {
        private MembershipBlocks() {}

        static Blocks.Body of(List<Membership> all, String active) {
            List<List<String>> verified =
                    all.stream()
                            .filter(Membership::verified)
                            .map(membership -> row(membership, active))
                            .toList();
            List<List<String>> invited =
                    all.stream()
                            .filter(membership -> !membership.verified())
                            .map(
                                    m ->
                                            Blocks.row(
                                                    m.organization().name(),
                                                    m.organization().key(),
                                                    m.invitationCode().orElse("")))
                            .toList();
            Blocks blocks = new Blocks();
            if (all.isEmpty()) {
                return blocks.line("You are not a member of any organization.").body();
            }
            if (!verified.isEmpty()) {
                blocks.line("You are a member of the following organizations:")
                        .line("")
                        .table(List.of("Name", "Key", "Role", "Status"), verified);
            }
            if (!invited.isEmpty()) {
                blocks.line("You are invited to the following organizations:")
                        .line("")
                        .table(List.of("Name", "Key", "Join Code"), invited)
                        .line("")
                        .line("To join one, run `webhookdb org join` with its code.");
            }
            return blocks.body();
        }

        private static List<String> row(Membership membership, String active) {
            return Blocks.row(
                    membership.organization().name(),
                    membership.organization().key(),
                    membership.role().word(),
                    membership.organization().key().equals(active) ? "active" : "");
        }
    }
}
