package io.webhookdb.controlplane.api.organizations;

import io.webhookdb.controlplane.api.auth.Customer;
import io.webhookdb.controlplane.database.ProvisioningQueue;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** Organizations and memberships. */
final class OrganizationStore {
    private static final String ORGANIZATION =
            "o.id AS o_id, o.key AS o_key, o.name AS o_name, o.revision AS o_revision,"
                    + " o.max_query_rows AS o_max_query_rows";
    static final String MEMBERSHIPS =
            "SELECT "
                    + ORGANIZATION
                    + ", c.email, m.role, m.verified, m.invitation_code FROM memberships m JOIN"
                    + " organizations o ON o.id = m.organization_id JOIN customers c ON c.id ="
                    + " m.customer_id WHERE o.state = 'active' AND ";

    private OrganizationStore() {}

    /** Digits only: the id. Else the key or the name; the key wins. */
    static Optional<Organization> find(Handle handle, String identifier) {
        String select =
                "SELECT " + ORGANIZATION + " FROM organizations o WHERE o.state = 'active' AND ";
        if (identifier.matches("[0-9]{1,18}")) {
            return handle.createQuery(select + "o.id = :id")
                    .bind("id", Long.parseLong(identifier))
                    .map(OrganizationStore::organization)
                    .findOne();
        }
        return handle.createQuery(
                        select
                                + "(o.key = :text OR o.name = :text) ORDER BY o.key = :text DESC"
                                + " LIMIT 1")
                .bind("text", identifier)
                .map(OrganizationStore::organization)
                .findOne();
    }

    static boolean nameTaken(Handle handle, String name) {
        return handle.createQuery("SELECT EXISTS (SELECT FROM organizations WHERE name = :name)")
                .bind("name", name)
                .mapTo(Boolean.class)
                .one();
    }

    /** A new organization with its first admin; empty if name or key are taken. */
    static Optional<Organization> create(Handle handle, Customer admin, String name, String key) {
        Optional<Organization> created =
                handle.createQuery(
                                "INSERT INTO organizations AS o (key, name, billing_email) VALUES"
                                        + " (:key, :name, :email) ON CONFLICT DO NOTHING RETURNING "
                                        + ORGANIZATION)
                        .bind("key", key)
                        .bind("name", name)
                        .bind("email", admin.email())
                        .map(OrganizationStore::organization)
                        .findOne();
        created.ifPresent(
                organization -> {
                    handle.execute(
                            "INSERT INTO memberships (organization_id, customer_id, role, verified)"
                                    + " VALUES (?, ?, ?, true)",
                            organization.id(),
                            admin.id(),
                            Role.ADMIN.word());
                    makeDefault(handle, admin.id(), organization.id());
                    ProvisioningQueue.add(
                            handle, ProvisioningQueue.Kind.ORGANIZATION, organization.id());
                });
        return created;
    }

    static void makeDefault(Handle handle, long customer, long organization) {
        handle.execute(
                "UPDATE customers SET default_organization_id = ? WHERE id = ?",
                organization,
                customer);
    }

    /** Another name; fails with a unique violation if it is taken. */
    static void rename(Handle handle, long id, String name) {
        handle.execute("UPDATE organizations SET name = ? WHERE id = ?", name, id);
    }

    static void billTo(Handle handle, long id, String email) {
        handle.execute("UPDATE organizations SET billing_email = ? WHERE id = ?", email, id);
    }

    /** Notes who first asked for the end of an organization, and when. */
    static void requestClosing(Handle handle, long id, long customer) {
        handle.execute(
                "UPDATE organizations SET closing_requested_at = now(), closing_requested_by = ?"
                        + " WHERE id = ? AND closing_requested_at IS NULL",
                customer,
                id);
    }

    static List<Membership> ofCustomer(Handle handle, long customer) {
        return handle.createQuery(MEMBERSHIPS + "c.id = :customer ORDER BY o.name")
                .bind("customer", customer)
                .map(OrganizationStore::membership)
                .list();
    }

    static List<Membership> ofOrganization(Handle handle, long organization) {
        return handle.createQuery(MEMBERSHIPS + "o.id = :organization ORDER BY c.email")
                .bind("organization", organization)
                .map(OrganizationStore::membership)
                .list();
    }

    static Optional<Membership> verified(Handle handle, long customer, long organization) {
        return handle.createQuery(
                        MEMBERSHIPS + "c.id = :customer AND o.id = :organization AND m.verified")
                .bind("customer", customer)
                .bind("organization", organization)
                .map(OrganizationStore::membership)
                .findOne();
    }

    private static Organization organization(ResultSet row, StatementContext context)
            throws SQLException {
        return new Organization(
                row.getLong("o_id"),
                row.getString("o_key"),
                row.getString("o_name"),
                row.getLong("o_revision"),
                row.getInt("o_max_query_rows"));
    }

    static Membership membership(ResultSet row, StatementContext context) throws SQLException {
        return new Membership(
                row.getString("email"),
                organization(row, context),
                Role.of(row.getString("role")),
                row.getBoolean("verified")
                        ? Optional.empty()
                        : Optional.of(row.getString("invitation_code")));
    }
}
