package io.webhookdb.controlplane.api.organizations;

import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Changes of memberships, in the caller's transaction. */
final class MembershipStore {
    private MembershipStore() {}

    /**
     * Lets nobody else change the members of an organization until the transaction ends: who may
     * leave depends on who else is there.
     */
    static void lock(Handle handle, long organization) {
        handle.createQuery("SELECT id FROM organizations WHERE id = :id FOR UPDATE")
                .bind("id", organization)
                .mapTo(Long.class)
                .one();
    }

    static Optional<Membership> find(Handle handle, long organization, String email) {
        return handle.createQuery(
                        OrganizationStore.MEMBERSHIPS + "o.id = :organization AND c.email = :email")
                .bind("organization", organization)
                .bind("email", email)
                .map(OrganizationStore::membership)
                .findOne();
    }

    /** Invites, or replaces an invitation that was not accepted. */
    static void invite(Handle handle, long organization, long customer, Role role, String code) {
        handle.createUpdate(
                        "INSERT INTO memberships (organization_id, customer_id, role, verified,"
                            + " invitation_code) VALUES (:organization, :customer, :role, false,"
                            + " :code) ON CONFLICT (organization_id, customer_id) DO UPDATE SET"
                            + " role = EXCLUDED.role, invitation_code = EXCLUDED.invitation_code"
                            + " WHERE NOT memberships.verified")
                .bind("organization", organization)
                .bind("customer", customer)
                .bind("role", role.word())
                .bind("code", code)
                .execute();
    }

    /** The organization of an invitation of this customer, now accepted; empty if none has it. */
    static Optional<Long> accept(Handle handle, long customer, String code) {
        return handle.createQuery(
                        "UPDATE memberships m SET verified = true, invitation_code = NULL FROM"
                                + " organizations o WHERE o.id = m.organization_id AND o.state ="
                                + " 'active' AND m.customer_id = :customer AND m.invitation_code ="
                                + " :code AND NOT m.verified RETURNING m.organization_id")
                .bind("customer", customer)
                .bind("code", code)
                .mapTo(Long.class)
                .findOne();
    }

    /** Ends a membership or invitation; another organization becomes the person's default. */
    static void remove(Handle handle, long organization, String email) {
        handle.createUpdate(
                        "DELETE FROM memberships m USING customers c WHERE c.id = m.customer_id AND"
                                + " m.organization_id = :organization AND c.email = :email")
                .bind("organization", organization)
                .bind("email", email)
                .execute();
        handle.createUpdate(
                        "UPDATE customers c SET default_organization_id = (SELECT"
                                + " m.organization_id FROM memberships m JOIN organizations o ON"
                                + " o.id = m.organization_id WHERE m.customer_id = c.id AND"
                                + " m.verified AND o.state = 'active' ORDER BY m.id LIMIT 1) WHERE"
                                + " c.email = :email AND c.default_organization_id = :organization")
                .bind("organization", organization)
                .bind("email", email)
                .execute();
    }

    static void setRole(Handle handle, long organization, String email, Role role) {
        handle.createUpdate(
                        "UPDATE memberships m SET role = :role FROM customers c WHERE c.id ="
                                + " m.customer_id AND m.organization_id = :organization AND c.email"
                                + " = :email")
                .bind("role", role.word())
                .bind("organization", organization)
                .bind("email", email)
                .execute();
    }

    /** Admins who have accepted. */
    static int admins(Handle handle, long organization) {
        return handle.createQuery(
                        "SELECT count(*) FROM memberships WHERE organization_id = :organization AND"
                                + " verified AND role = 'admin'")
                .bind("organization", organization)
                .mapTo(Integer.class)
                .one();
    }
}
